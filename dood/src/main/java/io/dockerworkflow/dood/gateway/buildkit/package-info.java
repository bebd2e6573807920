/**
 * What the gateway does about BuildKit: the connections of {@code /grpc} and {@code /session} carry gRPC, and with it image
 * names, labels and rights inside protobuf messages. {@code Http2Bridge} moves the calls of {@code /grpc} between two HTTP/2
 * connections, {@code ControlMediation} says what becomes of each method, and pure mediators translate the messages. Of
 * {@code /session}, which carries whole contexts, {@code AnswerFrames} passes the frames on as they are, but for Dockerfiles.
 *
 * <p>Field numbers are those of the descriptors in dockerd 28.5 and buildx 0.29: {@code api/services/control/control.proto},
 * {@code frontend/gateway/pb/gateway.proto}, {@code solver/pb/ops.proto} and {@code sourcepolicy/pb/policy.proto} of
 * moby/buildkit. Fields that are not among them are refused where they could carry a right, and kept as they are elsewhere.
 */
@NullMarked
package io.dockerworkflow.dood.gateway.buildkit;

import org.jspecify.annotations.NullMarked;
