package io.dockerworkflow.dood.gateway.stream;

import java.nio.charset.StandardCharsets;

/**
 * The block before each entry of a tar archive.
 *
 * @param bytes the block itself, not a copy
 */
record TarHeader(byte[] bytes) {
    static final int SIZE = 512;

    /** Before the first. */
    static final TarHeader NONE = new TarHeader(new byte[0]);

    private static final int TYPE = 156;

    /** Whether the entry is a file. */
    boolean isFile() {
        return bytes[TYPE] == '0' || bytes[TYPE] == 0;
    }

    /** Whether the entry holds the next one's path. */
    boolean isName() {
        return bytes[TYPE] == 'x' || bytes[TYPE] == 'L';
    }

    /** How long the entry's content is, without the padding; negative if that is malformed. */
    long length() {
        return number(124, 12);
    }

    String path() {
        String name = text(bytes, 0, 100);
        boolean ustar = text(bytes, 257, 5).equals("ustar");
        String prefix = ustar && bytes[263] == '0' ? text(bytes, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** The next entry's path, of the content of an entry that {@linkplain #isName() holds} one; empty if there is none in it. */
    String name(byte[] content) {
        int length = (int) length();
        if (bytes[TYPE] == 'L') {
            return text(content, 0, length);
        }
        // PAX: "LENGTH path=VALUE\n"
        String records = new String(content, 0, length, StandardCharsets.UTF_8);
        for (String line : records.split("\n")) {
            int start = line.indexOf(" path=");
            if (start >= 0) {
                return line.substring(start + " path=".length());
            }
        }
        return "";
    }

    /** Writes another length into the block, and the checksum that goes with it. */
    void resize(int length) {
        put(124, String.format("%011o\0", length));
        put(148, "        ");
        int sum = 0;
        for (byte b : bytes) {
            sum += b & 0xff;
        }
        put(148, String.format("%06o\0 ", sum));
    }

    /** What follows a content of that length until the next block. */
    static int padding(long length) {
        return (int) ((SIZE - length % SIZE) % SIZE);
    }

    private long number(int from, int length) {
        if ((bytes[from] & 0x80) != 0) {
            long value = bytes[from] & 0x7f;
            for (int i = from + 1; i < from + length; i++) {
                value = value << 8 | bytes[i] & 0xff;
            }
            return value;
        }
        String digits = text(bytes, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void put(int at, String text) {
        byte[] written = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(written, 0, bytes, at, written.length);
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
