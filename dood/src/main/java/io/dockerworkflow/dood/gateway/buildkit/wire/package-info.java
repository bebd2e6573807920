/** BuildKit's wire formats: protobuf messages, gRPC, HTTP/2 frames. */
@NullMarked
package io.dockerworkflow.dood.gateway.buildkit.wire;

import org.jspecify.annotations.NullMarked;
