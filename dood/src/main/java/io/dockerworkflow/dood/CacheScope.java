package io.dockerworkflow.dood;

/** Which build cache a session's builds see. */
public enum CacheScope {
    /** The engine's, which all that build on it share: fast. */
    SHARED,

    /**
     * None from outside the session: no step's result, no cache mount and no imported cache of anybody else's is used. BuildKit
     * knows no scopes of cache, so its builds repeat every step, also those that the session has run before.
     */
    ISOLATED
}
