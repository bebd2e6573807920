@NullMarked
package io.dockerworkflow.internal.owner;

import org.jspecify.annotations.NullMarked;
