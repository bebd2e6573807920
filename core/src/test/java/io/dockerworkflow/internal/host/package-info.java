@NullMarked
package io.dockerworkflow.internal.host;

import org.jspecify.annotations.NullMarked;
