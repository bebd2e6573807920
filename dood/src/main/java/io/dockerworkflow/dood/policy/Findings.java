package io.dockerworkflow.dood.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.policy.Schema.Field;
import io.dockerworkflow.dood.policy.Schema.ListOf;
import io.dockerworkflow.dood.policy.Schema.MapOf;
import io.dockerworkflow.dood.policy.Schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what is refused in one request. Used by one thread. */
final class Findings {
    static final String RESERVED_LABEL_PREFIX = "io.dockerworkflow.";

    private final Rules rules;
    private final List<Refusal> refusals = new ArrayList<>();

    Findings(Rules rules) {
        this.rules = rules;
    }

    Rules rules() {
        return rules;
    }

    /** Refuses the field as a whole, unless the rule allows everything. */
    void forbid(Rule rule, String field) {
        if (!rules.allows(rule)) {
            refusals.add(Refusal.of(field, "", rule));
        }
    }

    /** Refuses the value, unless the rule allows it. */
    void forbid(Rule rule, String field, String value) {
        if (!rules.allows(rule, value)) {
            refusals.add(Refusal.of(field, value, rule));
        }
    }

    /** Refuses the value, for this reason. */
    void refuse(Rule rule, String field, String value, String reason) {
        refusals.add(Refusal.of(field, value, rule, reason));
    }

    /** Refuses labels which only the session may set. */
    void reservedLabels(String field, JsonNode parent, String name) {
        for (Map.Entry<String, JsonNode> label : StrictFields.entries(parent, name)) {
            if (label.getKey().startsWith(RESERVED_LABEL_PREFIX)) {
                forbid(Rule.RESERVED_LABELS, field, label.getKey());
            }
        }
    }

    /** Refuses fields that no shape names, if they ask for anything. */
    void unknownFields(RequestKind body, ObjectNode tree) {
        if (!rules.allows(Rule.UNKNOWN_FIELDS)) {
            unknownFields(tree, body.shape(), "");
        }
    }

    private void unknownFields(JsonNode node, Schema shape, String path) {
        if (shape instanceof Struct struct) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                String name = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                Optional<Field> field = struct.field(entry.getKey());
                if (field.isPresent()) {
                    unknownFields(entry.getValue(), field.get().shape(), name);
                } else if (StrictFields.isSet(entry.getValue())) {
                    forbid(Rule.UNKNOWN_FIELDS, name);
                }
            }
        } else if (shape instanceof ListOf list) {
            int index = 0;
            for (JsonNode item : node) {
                unknownFields(item, list.item(), path + "[" + index++ + "]");
            }
        } else if (shape instanceof MapOf map) {
            node.properties()
                    .forEach(entry -> unknownFields(entry.getValue(), map.value(), path + "." + entry.getKey()));
        }
    }

    <T> Verdict<T> verdict(T request) {
        return refusals.isEmpty() ? new Verdict.Allowed<>(request) : new Verdict.Refused<>(refusals);
    }
}
