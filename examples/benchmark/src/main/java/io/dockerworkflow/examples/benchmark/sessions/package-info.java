/** What sessions cost from start to end, beside the docker CLI and Testcontainers. */
@NullMarked
package io.dockerworkflow.examples.benchmark.sessions;

import org.jspecify.annotations.NullMarked;
