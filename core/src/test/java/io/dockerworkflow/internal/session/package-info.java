@NullMarked
package io.dockerworkflow.internal.session;

import org.jspecify.annotations.NullMarked;
