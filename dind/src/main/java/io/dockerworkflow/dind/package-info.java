/** Docker in Docker: each session has a daemon of its own, in a container with the smallest set of rights that works. */
@NullMarked
package io.dockerworkflow.dind;

import org.jspecify.annotations.NullMarked;
