package io.dockerworkflow.internal.owner;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The lifeline's program: reads its standard input until the end, and exits. A static executable of less than 200 bytes, so
 * that its image needs no registry and no base. Assembled by hand from:
 *
 * <pre>{@code
 * read:  n = read(0, stack - 128, 128)
 *        if (n > 0) goto read
 *        exit(0)
 * }</pre>
 */
enum LifelineProgram {
    AMD64("amd64", 62, """
            31c0        xor   eax, eax          read is call 0
            31ff        xor   edi, edi
            488d742480  lea   rsi, [rsp-128]
            ba80000000  mov   edx, 128
            0f05        syscall
            85c0        test  eax, eax
            7fec        jg    read
            b83c000000  mov   eax, 60           exit
            31ff        xor   edi, edi
            0f05        syscall
            """),
    ARM64("arm64", 183, """
            000080d2    mov   x0, #0
            e10302d1    sub   x1, sp, #128
            021080d2    mov   x2, #128
            e80780d2    mov   x8, #63           read
            010000d4    svc   #0
            1f0000f1    cmp   x0, #0
            4cffff54    b.gt  read
            000080d2    mov   x0, #0
            a80b80d2    mov   x8, #93           exit
            010000d4    svc   #0
            """);

    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final long ADDRESS = 0x400000;

    private final String architecture;
    private final int elfMachine;
    private final String listing;

    LifelineProgram(String architecture, int elfMachine, String listing) {
        this.architecture = architecture;
        this.elfMachine = elfMachine;
        this.listing = listing;
    }

    /** The program for an engine's architecture in Go's words, if there is one. */
    static Optional<LifelineProgram> of(String architecture) {
        return Arrays.stream(values())
                .filter(program -> program.architecture.equals(architecture))
                .findFirst();
    }

    /** The engine's architecture, in Go's words. */
    String architecture() {
        return architecture;
    }

    /** The executable: an ELF header, one segment that holds the whole file, the code. */
    byte[] executable() {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        listing.lines()
                .map(line -> HexFormat.of().parseHex(line.substring(0, line.indexOf(' '))))
                .forEach(code::writeBytes);
        int size = ELF_HEADER + PROGRAM_HEADER + code.size();
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                // magic; 64 bits, little endian, version 1, System V
                .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .putShort((short) 2) // an executable
                .putShort((short) elfMachine)
                .putInt(1)
                .putLong(ADDRESS + ELF_HEADER + PROGRAM_HEADER) // where it starts
                .putLong(ELF_HEADER) // where the program header is
                .putLong(0) // no sections
                .putInt(0)
                .putShort((short) ELF_HEADER)
                .putShort((short) PROGRAM_HEADER)
                .putShort((short) 1)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                // the program header: to be loaded, readable and executable
                .putInt(1)
                .putInt(5)
                .putLong(0)
                .putLong(ADDRESS)
                .putLong(ADDRESS)
                .putLong(size)
                .putLong(size)
                .putLong(0x1000)
                .put(code.toByteArray())
                .array();
    }
}
