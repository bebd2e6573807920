/** What the session's endpoint costs, beside the bare engine and other proxies. */
@NullMarked
package io.dockerworkflow.examples.benchmark.gateway;

import org.jspecify.annotations.NullMarked;
