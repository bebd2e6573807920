/** The engine as a whole: ping, version, info, disk usage, events. */
@NullMarked
package io.dockerworkflow.dood.gateway.system;

import org.jspecify.annotations.NullMarked;
