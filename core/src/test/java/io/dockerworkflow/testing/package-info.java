/** What every module's tests share. */
@NullMarked
package io.dockerworkflow.testing;

import org.jspecify.annotations.NullMarked;
