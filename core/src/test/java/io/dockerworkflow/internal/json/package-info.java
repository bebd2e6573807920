@NullMarked
package io.dockerworkflow.internal.json;

import org.jspecify.annotations.NullMarked;
