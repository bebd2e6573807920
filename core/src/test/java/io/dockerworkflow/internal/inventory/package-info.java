@NullMarked
package io.dockerworkflow.internal.inventory;

import org.jspecify.annotations.NullMarked;
