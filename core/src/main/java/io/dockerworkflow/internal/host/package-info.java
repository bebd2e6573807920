/** What the machine of this process is to the engine: paths, own container, own cgroup. */
@NullMarked
package io.dockerworkflow.internal.host;

import org.jspecify.annotations.NullMarked;
