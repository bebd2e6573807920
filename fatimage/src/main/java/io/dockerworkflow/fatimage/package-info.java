/** One image with every build-time tool, and no Docker inside. */
@NullMarked
package io.dockerworkflow.fatimage;

import org.jspecify.annotations.NullMarked;
