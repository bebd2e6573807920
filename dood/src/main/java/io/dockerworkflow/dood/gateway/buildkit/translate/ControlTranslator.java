package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.bridge.CallPlan;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcHeaders;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.MessageTransform;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import io.dockerworkflow.dood.policy.Rule;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What becomes of each method that a client calls through {@code /grpc}. Safe for use by several threads. */
public final class ControlTranslator implements CallPlan.Planner {
    private static final String CONTROL = "/moby.buildkit.v1.Control/";
    private static final String BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge/";
    private static final String BUILD_ID = "buildkit-controlapi-buildid";

    /** Nothing in them names an image or gives a right: results of the build that the build's id in the headers names. */
    private static final Set<String> BRIDGE_UNTOUCHED = Set.of(
            "Ping",
            "Return",
            "Inputs",
            "ReadFile",
            "ReadDir",
            "StatFile",
            "Evaluate",
            "ReleaseContainer",
            "ReadFileContainer",
            "ReadDirContainer",
            "StatFileContainer",
            "Warn");

    /** Content is named by its digest, which is not to be guessed; nothing here lists, writes or deletes it. */
    private static final Set<String> UNTOUCHED = Set.of(
            CONTROL + "ListWorkers",
            CONTROL + "Info",
            CONTROL + "Session",
            "/containerd.services.content.v1.Content/Info",
            "/containerd.services.content.v1.Content/Read",
            "/grpc.health.v1.Health/Check",
            "/grpc.health.v1.Health/List",
            "/grpc.health.v1.Health/Watch");

    private final BuildSettings settings;
    private final SolveTranslator requests;
    private final ResponseTranslator answers;

    public ControlTranslator(BuildSettings settings, BuildArguments arguments) {
        this.settings = settings;
        this.requests = new SolveTranslator(settings, arguments);
        this.answers = new ResponseTranslator(settings);
    }

    @Override
    public CallPlan plan(Http2Headers headers) {
        CharSequence encoding = headers.get("grpc-encoding");
        if (encoding != null && !encoding.toString().equals("identity")) {
            return new CallPlan.Refuse(GrpcRefusal.unsupported(
                    "messages compressed with " + encoding, "only identity encoding is understood"));
        }
        String path = String.valueOf(headers.path());
        if (UNTOUCHED.contains(path)) {
            return CallPlan.Relay.untouched();
        }
        if (path.startsWith(CONTROL)) {
            return control(path.substring(CONTROL.length()), path);
        }
        if (path.startsWith(BRIDGE)) {
            return bridge(path.substring(BRIDGE.length()), path);
        }
        return unknown(path);
    }

    private CallPlan control(String method, String path) {
        return switch (method) {
            case "Solve" -> solve();
            case "Status" ->
                relay().request(MessageTransform.each(this::engineRef))
                        .response(MessageTransform.each(answers::status));
            case "ListenBuildHistory" ->
                relay().request(MessageTransform.each(this::history)).response(Optional.of(answers::history));
            case "UpdateBuildHistory" -> relay().request(MessageTransform.each(this::engineRef));
            // The records of the builder's cache do not say whose they are: nobody's are shown, and none are deleted.
            case "DiskUsage" -> new CallPlan.Answer(List.of(new byte[0]));
            case "Prune" -> new CallPlan.Answer(List.of());
            default -> unknown(path);
        };
    }

    private CallPlan bridge(String method, String path) {
        if (BRIDGE_UNTOUCHED.contains(method)) {
            return relay();
        }
        return switch (method) {
            case "Solve" -> relay().request(MessageTransform.each(requests::bridgeSolve));
            case "ResolveImageConfig" ->
                relay().request(MessageTransform.each(this::imageConfig))
                        .response(MessageTransform.each(answers::imageConfig));
            case "ResolveSourceMeta" ->
                relay().request(MessageTransform.each(this::sourceMeta))
                        .response(MessageTransform.each(answers::sourceMeta));
            case "NewContainer" -> relay().request(MessageTransform.each(this::newContainer));
            case "ExecProcess" -> relay().request(MessageTransform.each(this::process));
            default -> unknown(path);
        };
    }

    private CallPlan.Relay relay() {
        return new CallPlan.Relay(this::withEngineRef, Optional.empty(), Optional.empty(), this::trailers, () -> {});
    }

    private CallPlan solve() {
        SolveCall call = new SolveCall(settings.images(), requests, answers);
        return new CallPlan.Relay(
                this::withEngineRef,
                MessageTransform.each(call::request),
                MessageTransform.each(call::answer),
                this::trailers,
                call::finish);
    }

    private Http2Headers withEngineRef(Http2Headers headers) {
        CharSequence ref = headers.get(BUILD_ID);
        if (ref != null) {
            headers.set(BUILD_ID, settings.engineRef(ref.toString()));
        }
        // So that the answer can be read.
        headers.remove("grpc-accept-encoding");
        return headers;
    }

    private Http2Headers trailers(Http2Headers trailers) {
        CharSequence message = trailers.get(GrpcHeaders.MESSAGE);
        if (message != null) {
            UnaryOperator<String> words = answers::words;
            trailers.set(GrpcHeaders.MESSAGE, GrpcHeaders.encode(words.apply(GrpcHeaders.decode(message.toString()))));
        }
        return StatusDetails.translate(trailers, answers);
    }

    private byte[] engineRef(byte[] bytes) {
        ProtoMessage request = ProtoMessage.parse(bytes);
        return request.set(1, settings.engineRef(request.string(1))).toBytes();
    }

    /** Filters and limits would be applied to everybody's builds: the engine is asked for all, or for the one. */
    private byte[] history(byte[] bytes) {
        ProtoMessage request = ProtoMessage.parse(bytes);
        if (!request.string(2).isEmpty()) {
            request.set(2, settings.engineRef(request.string(2)));
        }
        return request.clear(5).toBytes();
    }

    private byte[] imageConfig(byte[] bytes) {
        ProtoMessage request = ProtoMessage.parse(bytes);
        return request.set(1, new SourceImages(settings.images()).toEngine(request.string(1), "the image"))
                .toBytes();
    }

    private byte[] sourceMeta(byte[] bytes) {
        ProtoMessage request = ProtoMessage.parse(bytes);
        request.message(1)
                .ifPresent(source ->
                        request.set(1, source.set(1, new LlbDefinition(settings).source(source.string(1)))));
        return request.toBytes();
    }

    private byte[] newContainer(byte[] bytes) {
        if (settings.isolatedCache()) {
            throw GrpcRefusal.unsupported(
                    "a container in a build", "its cache mounts would be the engine's; CacheScope.SHARED allows it");
        }
        if (ProtoMessage.parse(bytes).number(3) == 1) {
            settings.require(Rule.HOST_NAMESPACES, "a build container's network", "net");
        }
        return bytes;
    }

    private byte[] process(byte[] bytes) {
        ProtoMessage message = ProtoMessage.parse(bytes);
        message.message(2).ifPresent(start -> {
            if (start.number(5) != 0) {
                settings.require(Rule.PRIVILEGED, "the security mode of a process in a build container", "");
            }
            start.message(2).ifPresent(meta -> {
                FrontendAttributes.checkCgroup(
                        settings,
                        meta.string(FrontendAttributes.META_CGROUP_PARENT),
                        "a build container's cgroupParent");
                start.set(2, FrontendAttributes.inCgroup(settings, meta));
            });
            if (settings.cgroupParent().isPresent()) {
                message.set(2, start);
            }
        });
        return message.toBytes();
    }

    /** In grpc-go's words, which clients know how to take: they go on without the method. */
    private static CallPlan unknown(String path) {
        int slash = path.lastIndexOf('/');
        String service = slash > 0 ? path.substring(1, slash) : path;
        return new CallPlan.Refuse(new GrpcRefusal(
                GrpcStatus.UNIMPLEMENTED,
                "unknown method " + path.substring(slash + 1) + " for service " + service
                        + " (docker-workflow relays known methods only)"));
    }
}
