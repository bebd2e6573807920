/** The engine: finds it, agrees on an API version, makes requests, pulls images. */
@NullMarked
package io.dockerworkflow.internal.engine;

import org.jspecify.annotations.NullMarked;
