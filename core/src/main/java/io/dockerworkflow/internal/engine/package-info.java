/**
 * The few requests that lifetimes need of an engine, without docker-java: for the watchdog, which has to be small, and for
 * what cannot wait until docker-java is loaded.
 */
@NullMarked
package io.dockerworkflow.internal.engine;

import org.jspecify.annotations.NullMarked;
