package io.dockerworkflow.internal.lifeline;

import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.removal.RefusedException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The lifelines' image, which needs no registry: imported from the program's bytes, and tagged with what it holds. */
final class LifelineImage {
    static final String EXECUTABLE = "lifeline";
    private static final String REPOSITORY = "dw-lifeline";
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final EngineApi engine;
    private final byte[] tar;
    private final String tag;

    LifelineImage(EngineApi engine, LifelineProgram program) {
        this.engine = engine;
        this.tar = program.tar(EXECUTABLE);
        this.tag = digest(tar).substring(0, 12);
    }

    String name() {
        return REPOSITORY + ":" + tag;
    }

    /** Makes the image; the same one again if it is there. */
    void create() {
        engine.postTar("/images/create?fromSrc=-&repo=" + REPOSITORY + "&tag=" + tag, tar);
    }

    /** Removes the image, unless a lifeline still uses it. */
    void removeIfUnused() {
        try {
            engine.delete("/images/" + name());
        } catch (RefusedException e) {
            if (e.status() != CONFLICT && e.status() != NOT_FOUND) {
                throw e;
            }
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
