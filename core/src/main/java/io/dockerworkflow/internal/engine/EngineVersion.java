package io.dockerworkflow.internal.engine;

/**
 * What an engine says of itself.
 *
 * @param engine the engine's version, as "20.10.24"
 * @param api the API version that this connection uses: the newest that both sides know, as "1.41"
 * @param minApi the oldest API version that the engine takes
 * @param maxApi the newest API version that the engine takes
 * @param os its operating system, as "linux"
 * @param arch its architecture in Go's words, as "amd64"
 */
public record EngineVersion(String engine, String api, String minApi, String maxApi, String os, String arch) {
    /** The oldest API version that this library works with: that of engine 19.03. */
    public static final String OLDEST_API = "1.40";

    /** The newest API version that this library was tested with: that of engine 28.5. */
    public static final String NEWEST_API = "1.51";
}
