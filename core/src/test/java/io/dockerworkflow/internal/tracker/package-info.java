@NullMarked
package io.dockerworkflow.internal.tracker;

import org.jspecify.annotations.NullMarked;
