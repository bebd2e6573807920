/** What the handlers of one session share: its objects, names, images, policy, events of the engine. */
@NullMarked
package io.dockerworkflow.dood.gateway.session;

import org.jspecify.annotations.NullMarked;
