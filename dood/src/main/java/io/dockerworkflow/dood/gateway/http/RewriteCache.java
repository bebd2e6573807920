package io.dockerworkflow.dood.gateway.http;

import java.util.Arrays;
import java.util.Optional;

/**
 * The last document of the engine's that a client got over a connection, and what was made of it. Who waits for something asks the
 * same again and again; while engine and session have nothing new, nothing has to be read and written anew. Used on the
 * connection's event loop only.
 */
final class RewriteCache {
    /** Longer ones are few, and would be kept as long as an idle connection. */
    private static final int LONGEST = 64 * 1024;

    private String target = "";
    private long revision;
    private byte[] said = {};
    private byte[] told = {};

    /**
     * What became of the engine's words, if they are those of last time.
     *
     * @param asked the target of the client's request
     * @param current the revision of what the session knows
     */
    Optional<byte[]> told(String asked, long current, byte[] words) {
        boolean same = revision == current && target.equals(asked) && Arrays.equals(said, words);
        return same && words.length > 0 ? Optional.of(told) : Optional.empty();
    }

    /**
     * Keeps what became of the engine's words.
     *
     * @param before the revision of what the session knew before that
     */
    void keep(String asked, long before, byte[] words, byte[] became) {
        if (words.length <= LONGEST) {
            target = asked;
            revision = before;
            said = words;
            told = became;
        }
    }
}
