package io.dockerworkflow.dood;

/** The build cache that a session's builds use. */
public enum CacheScope {
    /** The engine's cache. All builds on the engine share it. This is fast. */
    SHARED,

    /**
     * No cache from outside the session: builds use no step results, cache mounts or imported caches of others. BuildKit
     * has no cache scopes, so its builds repeat every step, also steps that the session has run before.
     */
    ISOLATED
}
