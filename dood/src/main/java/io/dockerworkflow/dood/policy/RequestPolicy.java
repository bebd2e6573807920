package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The gateway's question to the policy: one method for each request that makes or changes something. Each takes what
 * {@link EngineJson} read, leaves it as it is, and returns what to pass on. Names and references to other objects are the
 * gateway's business; so is the number of containers that there are. Methods that look at paths may block for a moment. Safe
 * for use by several threads.
 */
public final class RequestPolicy {
    // In any spelling that a Dockerfile instruction allows; the label's key may be quoted.
    private static final Pattern RESERVED_CHANGE = Pattern.compile("io\\.dockerworkflow\\.", Pattern.CASE_INSENSITIVE);

    private final Rules rules;
    private final HostBinds binds;

    /** The policy of one session. */
    public RequestPolicy(Rules rules, HostBinds binds) {
        this.rules = rules;
        this.binds = binds;
    }

    /**
     * {@code POST /containers/create}.
     *
     * @param existing how many containers the session has, with those that are being made
     */
    public Verdict<ObjectNode> containerCreate(ObjectNode body, int existing) {
        Findings findings = new Findings(rules);
        ObjectNode request = body.deepCopy();
        findings.unknownFields(RequestKind.CONTAINER_CREATE, request);
        findings.reservedLabels("Labels", request, "Labels");
        int most = rules.limits().containers();
        if (most > 0 && existing >= most) {
            findings.refuse(Rule.LIMITS, "container", "", "at most " + most + " containers at a time");
        }
        if (request.get("HostConfig") instanceof ObjectNode host) {
            new PrivilegeChecks(findings).check(host, "HostConfig.");
            new MountChecks(findings, binds).check(host, "HostConfig.");
            new ResourceChecks(findings).created(host, "HostConfig.");
            new PublishChecks(findings).check(host, "HostConfig.");
        }
        new NetworkChecks(findings).endpoints(request);
        return findings.verdict(request);
    }

    /** {@code POST /containers/{id}/start} and {@code /restart}: looks whether allowed paths still are what they were. */
    public Optional<Refusal> containerStart() {
        return binds.strayed(rules)
                .map(path -> Refusal.of(
                        "the source of a mount",
                        path.toString(),
                        Rule.HOST_PATHS,
                        "it now leads outside the workspace"));
    }

    /** {@code POST /containers/{id}/update}. */
    public Verdict<ObjectNode> containerUpdate(ObjectNode body) {
        Findings findings = new Findings(rules);
        findings.unknownFields(RequestKind.CONTAINER_UPDATE, body);
        new PrivilegeChecks(findings).devices(body, "");
        new ResourceChecks(findings).updated(body);
        return findings.verdict(body);
    }

    /** {@code POST /containers/{id}/exec}. */
    public Verdict<ObjectNode> execCreate(ObjectNode body) {
        Findings findings = new Findings(rules);
        findings.unknownFields(RequestKind.EXEC_CREATE, body);
        if (StrictFields.isSet(body.get("Privileged"))) {
            findings.forbid(Rule.PRIVILEGED, "Privileged");
        }
        return findings.verdict(body);
    }

    /** {@code POST /networks/create}. */
    public Verdict<ObjectNode> networkCreate(ObjectNode body) {
        Findings findings = new Findings(rules);
        findings.unknownFields(RequestKind.NETWORK_CREATE, body);
        new NetworkChecks(findings).create(body);
        return findings.verdict(body);
    }

    /**
     * {@code POST /networks/{id}/connect}.
     *
     * @param network the network's logical name, or the predefined one's
     */
    public Verdict<ObjectNode> networkConnect(String network, ObjectNode body) {
        Findings findings = new Findings(rules);
        findings.unknownFields(RequestKind.NETWORK_CONNECT, body);
        if (PrivilegeChecks.isHost(network)) {
            findings.forbid(Rule.HOST_NAMESPACES, "network", "net");
        }
        new NetworkChecks(findings).connect(body);
        return findings.verdict(body);
    }

    /** {@code POST /volumes/create}. */
    public Verdict<ObjectNode> volumeCreate(ObjectNode body) {
        Findings findings = new Findings(rules);
        ObjectNode request = body.deepCopy();
        findings.unknownFields(RequestKind.VOLUME_CREATE, request);
        new VolumeChecks(findings, binds).create(request);
        return findings.verdict(request);
    }

    /**
     * {@code POST /build}.
     *
     * @param names the parameters of the query
     * @param values the values of a parameter, in order; the engine reads the first
     * @return allowed: the parameters to set
     * @throws MalformedBodyException if a parameter is not what the engine would take
     */
    public Verdict<Map<String, String>> build(Set<String> names, Function<String, List<String>> values)
            throws MalformedBodyException {
        Findings findings = new Findings(rules);
        Map<String, String> set = new BuildChecks(findings).check(names, values);
        return findings.verdict(set);
    }

    /**
     * {@code POST /commit}.
     *
     * @param changes the Dockerfile instructions in the query
     */
    public Verdict<ObjectNode> commit(ObjectNode body, List<String> changes) {
        Findings findings = new Findings(rules);
        findings.unknownFields(RequestKind.COMMIT, body);
        findings.reservedLabels("Labels", body, "Labels");
        changes(findings, changes);
        return findings.verdict(body);
    }

    /**
     * {@code POST /images/create} with {@code fromSrc}.
     *
     * @param changes the Dockerfile instructions in the query
     */
    public Verdict<List<String>> imageImport(List<String> changes) {
        Findings findings = new Findings(rules);
        changes(findings, changes);
        return findings.verdict(changes);
    }

    private static void changes(Findings findings, List<String> changes) {
        for (String change : changes) {
            // Escapes could spell a key in many ways, so a LABEL with any is refused too.
            String instruction = change.strip().toUpperCase(java.util.Locale.ROOT);
            if (RESERVED_CHANGE.matcher(change).find()
                    || instruction.startsWith("LABEL") && (change.contains("\\") || change.contains("`"))) {
                findings.forbid(Rule.RESERVED_LABELS, "query changes");
            }
        }
    }

    /**
     * Whether something is allowed that comes in no request of the Docker API: a build through BuildKit.
     *
     * @param rule the rule
     * @param field where the client asks for it
     * @param value what it asks for, where the rule allows single values; else empty
     */
    public Optional<Refusal> require(Rule rule, String field, String value) {
        boolean allowed = value.isEmpty() ? rules.allows(rule) : rules.allows(rule, value);
        return allowed ? Optional.empty() : Optional.of(Refusal.of(field, value, rule));
    }

    /** Allows mounting this path and all beneath it from now on: a workspace. */
    public void allowWorkspace(Path workspace) {
        binds.allow(workspace);
    }
}
