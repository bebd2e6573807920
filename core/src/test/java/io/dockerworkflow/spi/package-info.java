@NullMarked
package io.dockerworkflow.spi;

import org.jspecify.annotations.NullMarked;
