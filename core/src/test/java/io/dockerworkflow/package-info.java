@NullMarked
package io.dockerworkflow;

import org.jspecify.annotations.NullMarked;
