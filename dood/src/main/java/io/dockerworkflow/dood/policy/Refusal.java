package io.dockerworkflow.dood.policy;

/**
 * Why a request is refused.
 *
 * @param field the field, as {@code HostConfig.CapAdd}, with the offending value if it has one
 * @param rule the rule and its reason
 * @param option what would allow it; empty if nothing does
 */
public record Refusal(String field, String rule, String option) {

    static Refusal of(String field, String value, Rule rule) {
        return of(field, value, rule, rule.reason());
    }

    static Refusal of(String field, String value, Rule rule, String reason) {
        String subject = value.isEmpty() ? field : field + " \"" + value + "\"";
        return new Refusal(subject, rule.id() + ": " + reason, optionFor(rule, value));
    }

    private static String optionFor(Rule rule, String value) {
        if (!rule.canBeAllowed()) {
            return rule == Rule.LIMITS ? "SessionPolicy with a higher limit" : "";
        }
        String argument = rule.takesValues() && !value.isEmpty() ? "\"" + value + "\"" : "";
        String flag = rule.id() + (argument.isEmpty() ? "" : "=" + value);
        return "SessionPolicy.guarded()." + rule.option() + "(" + argument + "), or --allow " + flag;
    }

    /** The sentence for the client. */
    public String message() {
        String allowed = option.isEmpty() ? "" : ". To allow it: " + option;
        return field + " is refused by the session's policy (" + rule + ")" + allowed;
    }
}
