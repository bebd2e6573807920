package io.dockerworkflow.examples.benchmark.gateway;

import java.nio.file.Path;

/**
 * A way to the engine.
 *
 * @param name what it is called in tables
 * @param socket where its clients connect
 */
record Peer(String name, Path socket) {}
