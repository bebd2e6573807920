package io.dockerworkflow.internal.owner;

import io.dockerworkflow.internal.engine.EngineApi;
import io.dockerworkflow.internal.engine.RefusedException;
import io.dockerworkflow.internal.engine.Tar;
import io.dockerworkflow.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The lifelines' image, which needs no registry: loaded from the program's bytes, and tagged with what it holds. Loaded, because
 * an import would make another image of the same bytes each time: of two owners that make it at once, one would be left with an
 * image that nobody knows by a name.
 */
public final class LifelineImage {
    static final String EXECUTABLE = "lifeline";
    private static final String REPOSITORY = "dw-lifeline";
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final EngineApi engine;
    private final byte[] archive;
    private final String tag;

    LifelineImage(EngineApi engine, LifelineProgram program) {
        this.engine = engine;
        byte[] layer = Tar.of(Map.of(EXECUTABLE, program.executable()));
        // Written out, for the image's id is made of each byte, and must be the same in every process.
        byte[] configuration =
                """
                {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}""".formatted(program.architecture(), digest(layer)).getBytes(StandardCharsets.UTF_8);
        this.tag = digest(configuration).substring(0, 12);
        byte[] manifest = """
                [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]""".formatted(name()).getBytes(StandardCharsets.UTF_8);
        this.archive = Tar.of(Map.of("config.json", configuration, "layer.tar", layer, "manifest.json", manifest));
    }

    String name() {
        return REPOSITORY + ":" + tag;
    }

    /** Makes the image; the same one again if it is there. */
    void create() {
        engine.postTar("/images/load?quiet=1", archive);
    }

    /** Removes the image, unless a lifeline still uses it. */
    void removeIfUnused() {
        remove(engine, name());
    }

    /**
     * Removes the images of all versions that no lifeline uses, for owners that could not do it themselves.
     *
     * @throws RefusedException if the engine refuses
     * @throws java.io.UncheckedIOException if it does not answer
     */
    public static void removeUnused(EngineApi engine) {
        String filters = EngineApi.encoded(Json.write(Map.of("reference", List.of(REPOSITORY))));
        for (Json image : engine.get("/images/json?filters=" + filters).elements()) {
            for (Json tag : image.at("RepoTags").elements()) {
                tag.text().ifPresent(name -> remove(engine, name));
            }
        }
    }

    private static void remove(EngineApi engine, String name) {
        try {
            engine.delete("/images/" + name);
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
