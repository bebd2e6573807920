package io.dockerworkflow;

/** The sessions on an engine, whoever opened them. */
public final class Sessions {
    private Sessions() {}
}
