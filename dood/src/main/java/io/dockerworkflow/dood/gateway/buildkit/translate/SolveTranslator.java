package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.translate.Exporters.Exporter;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import io.dockerworkflow.dood.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Translates the requests that build something: {@code Control/Solve} and {@code LLBBridge/Solve}. */
final class SolveTranslator {
    private static final Set<String> FRONTENDS = Set.of("", "dockerfile.v0", "gateway.v0");

    // moby.buildkit.v1.SolveRequest
    private static final int REF = 1;
    private static final int DEFINITION = 2;
    private static final int EXPORTER = 3;
    private static final int EXPORTER_ATTRIBUTES = 4;
    private static final int SESSION = 5;
    private static final int FRONTEND = 6;
    private static final int FRONTEND_ATTRIBUTES = 7;
    private static final int CACHE = 8;
    private static final int ENTITLEMENTS = 9;
    private static final int FRONTEND_INPUTS = 10;
    private static final int POLICY = 12;
    private static final int EXPORTERS = 13;
    private static final int SESSION_EXPORTER = 14;

    // moby.buildkit.v1.frontend.SolveRequest
    private static final int BRIDGE_DEFINITION = 1;
    private static final int BRIDGE_FRONTEND = 2;
    private static final int BRIDGE_ATTRIBUTES = 3;
    private static final int BRIDGE_CACHE_IMPORTS = 12;
    private static final int BRIDGE_INPUTS = 13;
    private static final int BRIDGE_POLICIES = 15;

    private final BuildSettings settings;
    private final BuildArguments arguments;

    SolveTranslator(BuildSettings settings, BuildArguments arguments) {
        this.settings = settings;
        this.arguments = arguments;
    }

    /**
     * The request for the engine, and the names that it gives.
     *
     * @param request the bytes of the request
     * @param names in full; what the client called the result
     */
    record Translated(byte[] request, Set<String> names) {}

    /** Of {@code Control/Solve}. */
    Translated solve(byte[] bytes) {
        ProtoMessage request = ProtoMessage.parse(bytes);
        requireKnown(request, 14);
        request.set(REF, settings.engineRef(request.string(REF)));
        definition(request, DEFINITION);
        inputs(request, FRONTEND_INPUTS);
        arguments.given(request.string(SESSION), request.stringMap(FRONTEND_ATTRIBUTES));
        frontend(request, FRONTEND, FRONTEND_ATTRIBUTES);
        request.strings(ENTITLEMENTS).forEach(this::checkEntitlement);
        request.message(CACHE).ifPresent(cache -> request.set(CACHE, cache(cache)));
        if (request.number(SESSION_EXPORTER) != 0) {
            throw GrpcRefusal.unsupported(
                    "EnableSessionExporter", "the exporters would reach the engine past the translation of names");
        }
        if (settings.sourcePolicies()) {
            ProtoMessage policy = request.message(POLICY).orElseGet(() -> new ProtoMessage().addNumber(1, 1));
            request.set(POLICY, SourcePolicy.append(policy, settings.images()));
        }
        Set<String> names = exporters(request);
        return new Translated(request.toBytes(), names);
    }

    private Set<String> exporters(ProtoMessage request) {
        Exporters exporters = new Exporters(settings);
        List<byte[]> all = new ArrayList<>();
        for (ProtoMessage exporter : request.messages(EXPORTERS)) {
            requireKnown(exporter, 2);
            exporter.setMap(2, exporters.toEngine(exporter.string(1), exporter.stringMap(2)));
            all.add(exporter.toBytes());
        }
        boolean several = !all.isEmpty();
        List<Exporter> pushes = new ArrayList<>(exporters.pushes());
        Map<String, String> deprecated = request.stringMap(EXPORTER_ATTRIBUTES);
        if (request.has(EXPORTER) || !deprecated.isEmpty()) {
            String type = request.string(EXPORTER);
            Map<String, String> alone = exporters.toEngine(type, deprecated);
            request.setMap(EXPORTER_ATTRIBUTES, alone);
            // Clients repeat the first of several in it; engines that know several heed it only if it is alone.
            if (!several && !exporters.pushes().isEmpty()) {
                all.add(exporter(type, alone));
                pushes = exporters.pushes();
            }
        }
        pushes.forEach(push -> all.add(exporter(push.type(), push.attributes())));
        request.set(EXPORTERS, all);
        return exporters.named();
    }

    private static byte[] exporter(String type, Map<String, String> attributes) {
        return new ProtoMessage().add(1, type).setMap(2, attributes).toBytes();
    }

    /** Of {@code LLBBridge/Solve}. */
    byte[] bridgeSolve(byte[] bytes) {
        ProtoMessage request = ProtoMessage.parse(bytes);
        requireKnown(request, 15);
        if (request.has(4)) {
            throw GrpcRefusal.unsupported("ImportCacheRefs", "BuildKit 0.11 removed it; use CacheImports");
        }
        definition(request, BRIDGE_DEFINITION);
        inputs(request, BRIDGE_INPUTS);
        frontend(request, BRIDGE_FRONTEND, BRIDGE_ATTRIBUTES);
        request.set(BRIDGE_CACHE_IMPORTS, new CacheImports(settings).entries(request.messages(BRIDGE_CACHE_IMPORTS)));
        if (settings.sourcePolicies() && request.has(BRIDGE_POLICIES)) {
            // The session's rules came with Control/Solve and hold for all of the build.
            request.messages(BRIDGE_POLICIES).forEach(policy -> requireKnown(policy, 2));
        }
        return request.toBytes();
    }

    private void frontend(ProtoMessage request, int frontend, int attributes) {
        String name = request.string(frontend);
        if (!FRONTENDS.contains(name)) {
            throw GrpcRefusal.unsupported("the frontend " + name, "it is not known what it does");
        }
        Map<String, String> given = request.stringMap(attributes);
        request.setMap(attributes, new FrontendAttributes(settings).toEngine(given, !name.isEmpty()));
    }

    private void definition(ProtoMessage request, int field) {
        request.message(field)
                .ifPresent(definition -> request.set(field, new LlbDefinition(settings).toEngine(definition)));
    }

    private void inputs(ProtoMessage request, int field) {
        List<byte[]> inputs = new ArrayList<>();
        for (ProtoMessage input : request.messages(field)) {
            definition(input, 2);
            inputs.add(input.toBytes());
        }
        request.set(field, inputs);
    }

    private ProtoMessage cache(ProtoMessage cache) {
        requireKnown(cache, 5);
        if (!cache.string(1).isEmpty() || cache.has(2) || cache.has(3)) {
            throw GrpcRefusal.unsupported(
                    "cache options of BuildKit before 0.4", "use CacheOptions.Imports and Exports");
        }
        return cache.set(5, new CacheImports(settings).entries(cache.messages(5)));
    }

    private void checkEntitlement(String entitlement) {
        String name = entitlement.contains("=") ? entitlement.substring(0, entitlement.indexOf('=')) : entitlement;
        String field = "the entitlement " + entitlement;
        switch (name) {
            case "network.host" -> settings.require(Rule.HOST_NAMESPACES, field, "net");
            case "security.insecure" -> settings.require(Rule.PRIVILEGED, field, "");
            case "device" -> settings.require(Rule.DEVICE_REQUESTS, field, "");
            default -> settings.require(Rule.UNKNOWN_FIELDS, field, "");
        }
    }

    private void requireKnown(ProtoMessage message, int last) {
        for (int number : message.numbers()) {
            if (number > last) {
                throw GrpcRefusal.unsupported(
                        "field " + number + " of a request to build", "it is not known what it does");
            }
        }
    }
}
