@NullMarked
package io.dockerworkflow.internal.children;

import org.jspecify.annotations.NullMarked;
