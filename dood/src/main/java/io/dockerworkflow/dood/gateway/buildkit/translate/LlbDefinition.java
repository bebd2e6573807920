package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import io.dockerworkflow.dood.policy.Rule;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks a graph of build operations that a client made itself, or got from a frontend and gives back, and puts the engine's
 * references into it. Operations refer to each other by digest, so a change in one changes all that depend on it.
 */
final class LlbDefinition {
    private static final int DEFINITION_OPS = 1;
    private static final int DEFINITION_METADATA = 2;
    private static final int DEFINITION_SOURCE = 3;
    private static final int OP_INPUTS = 1;
    private static final int OP_EXEC = 2;
    private static final int OP_SOURCE = 3;
    private static final int OP_BUILD = 5;
    private static final Set<Integer> OP_FIELDS = Set.of(1, 2, 3, 4, 5, 6, 7, 10, 11, 12);
    private static final Set<String> SCHEMES = Set.of("docker-image", "local", "git", "http", "https", "oci-layout");
    private static final long CACHE_MOUNT = 3;

    private final BuildSettings settings;

    LlbDefinition(BuildSettings settings) {
        this.settings = settings;
    }

    ProtoMessage toEngine(ProtoMessage definition) {
        Map<String, String> changed = new LinkedHashMap<>();
        List<byte[]> ops = new ArrayList<>();
        for (byte[] op : definition.all(DEFINITION_OPS)) {
            byte[] result = op(op, changed);
            if (!Arrays.equals(result, op)) {
                changed.put(digest(op), digest(result));
            }
            ops.add(result);
        }
        if (changed.isEmpty()) {
            return definition;
        }
        definition.set(DEFINITION_OPS, ops);
        rekey(definition, DEFINITION_METADATA, changed);
        definition.message(DEFINITION_SOURCE).ifPresent(source -> {
            rekey(source, 1, changed);
            definition.set(DEFINITION_SOURCE, source);
        });
        return definition;
    }

    private byte[] op(byte[] bytes, Map<String, String> changed) {
        ProtoMessage op = ProtoMessage.parse(bytes);
        for (int field : op.numbers()) {
            if (!OP_FIELDS.contains(field)) {
                settings.require(Rule.UNKNOWN_FIELDS, "field " + field + " of a build operation", "");
            }
        }
        if (op.has(OP_BUILD)) {
            throw GrpcRefusal.unsupported("a nested build operation", "what it builds is only known when it is built");
        }
        ProtoMessage exec = op.message(OP_EXEC).orElse(null);
        boolean differs = false;
        if (exec != null) {
            checkExec(exec);
            if (settings.cgroupParent().isPresent()) {
                exec.set(
                        1, FrontendAttributes.inCgroup(settings, exec.message(1).orElseGet(ProtoMessage::new)));
                op.set(OP_EXEC, exec);
                differs = true;
            }
        }
        List<byte[]> inputs = new ArrayList<>();
        for (ProtoMessage input : op.messages(OP_INPUTS)) {
            String now = changed.get(input.string(1));
            differs |= now != null;
            inputs.add((now == null ? input : input.set(1, now)).toBytes());
        }
        if (differs) {
            op.set(OP_INPUTS, inputs);
        }
        ProtoMessage source = op.message(OP_SOURCE).orElse(null);
        if (source != null) {
            String identifier = source.string(1);
            String now = source(identifier);
            if (!now.equals(identifier)) {
                op.set(OP_SOURCE, source.set(1, now));
                differs = true;
            }
        }
        return differs ? op.toBytes() : bytes;
    }

    /** The engine's identifier of a source; where the engine has source policies, it converts references itself. */
    String source(String identifier) {
        int end = identifier.indexOf("://");
        String scheme = end < 0 ? "" : identifier.substring(0, end);
        if (!SCHEMES.contains(scheme)) {
            throw GrpcRefusal.unsupported("the source " + identifier, "its kind is not known");
        }
        if (!scheme.equals("docker-image")) {
            return identifier;
        }
        String reference = new SourceImages(settings.images()).toEngine(identifier.substring(end + 3), "the source");
        return settings.sourcePolicies() ? identifier : scheme + "://" + reference;
    }

    private void checkExec(ProtoMessage exec) {
        ProtoMessage meta = exec.message(1).orElseGet(ProtoMessage::new);
        FrontendAttributes.checkCgroup(
                settings, meta.string(FrontendAttributes.META_CGROUP_PARENT), "a build operation's cgroupParent");
        if (exec.number(3) == 1) {
            settings.require(Rule.HOST_NAMESPACES, "a build operation's network", "net");
        }
        if (exec.number(4) != 0) {
            settings.require(Rule.PRIVILEGED, "a build operation's security mode", "");
        }
        if (exec.has(6)) {
            settings.require(Rule.DEVICE_REQUESTS, "a build operation's devices", "");
        }
        if (settings.isolatedCache()) {
            checkIsolation(meta, exec);
        }
    }

    /** What a frontend made for this session carries the session's marks; what somebody else made does not. */
    private void checkIsolation(ProtoMessage meta, ProtoMessage exec) {
        boolean marked =
                meta.messages(6).stream().anyMatch(host -> host.string(1).equals(settings.isolationHost()));
        boolean apart = exec.messages(2).stream()
                .filter(mount -> mount.number(6) == CACHE_MOUNT)
                .allMatch(mount -> mount.message(20)
                        .orElseGet(ProtoMessage::new)
                        .string(1)
                        .startsWith(settings.cacheNamespace() + "/"));
        if (!marked || !apart) {
            throw GrpcRefusal.unsupported(
                    "a build operation of the client's own making",
                    "the session's build cache is isolated and the operation would use the engine's; CacheScope.SHARED allows it");
        }
    }

    private static void rekey(ProtoMessage message, int map, Map<String, String> changed) {
        message.set(
                map,
                message.messages(map).stream()
                        .map(entry -> {
                            String now = changed.get(entry.string(1));
                            return (now == null ? entry : entry.set(1, now)).toBytes();
                        })
                        .toList());
    }

    static String digest(byte[] op) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(op));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
