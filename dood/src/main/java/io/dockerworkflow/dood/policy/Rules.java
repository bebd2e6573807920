package io.dockerworkflow.dood.policy;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is allowed, rule by rule. Immutable. */
public final class Rules {
    private final Map<Rule, Allowance> allowances;
    private final Limits limits;
    private final Optional<String> publishOn;

    private record Allowance(boolean everything, Set<String> values) {
        static final Allowance NOTHING = new Allowance(false, Set.of());
        static final Allowance EVERYTHING = new Allowance(true, Set.of());

        Allowance plus(Set<String> more) {
            Set<String> all = new HashSet<>(values);
            all.addAll(more);
            return new Allowance(everything, Set.copyOf(all));
        }
    }

    private Rules(Map<Rule, Allowance> allowances, Limits limits, Optional<String> publishOn) {
        this.allowances = Map.copyOf(allowances);
        this.limits = limits;
        this.publishOn = publishOn;
    }

    /** Nothing is allowed; ports without an address are published on loopback. */
    public static Rules nothing() {
        return new Rules(Map.of(), Limits.NONE, Optional.of("127.0.0.1"));
    }

    /** Everything is allowed, and ports are published where the client and the engine say. */
    public static Rules everything() {
        Map<Rule, Allowance> all = new EnumMap<>(Rule.class);
        for (Rule rule : Rule.values()) {
            if (rule.canBeAllowed()) {
                all.put(rule, Allowance.EVERYTHING);
            }
        }
        return new Rules(all, Limits.NONE, Optional.empty());
    }

    /** Allows all that the rule would forbid. */
    public Rules allow(Rule rule) {
        return with(rule, Allowance.EVERYTHING);
    }

    /** Allows these values too. */
    public Rules allow(Rule rule, Set<String> values) {
        return with(rule, allowance(rule).plus(values));
    }

    private Rules with(Rule rule, Allowance allowance) {
        if (!rule.canBeAllowed()) {
            throw new IllegalArgumentException("Rule " + rule.id() + " cannot be switched off");
        }
        Map<Rule, Allowance> changed = new EnumMap<>(Rule.class);
        changed.putAll(allowances);
        changed.put(rule, allowance);
        return new Rules(changed, limits, publishOn);
    }

    /** With these limits. */
    public Rules limits(Limits limits) {
        return new Rules(allowances, limits, publishOn);
    }

    /** Publishes ports for which the client names no address on this one; empty: wherever the engine does. */
    public Rules publishOn(Optional<String> address) {
        return new Rules(allowances, limits, address);
    }

    /** The limits. */
    public Limits limits() {
        return limits;
    }

    /** The address on which ports are published that name none. */
    public Optional<String> publishOn() {
        return publishOn;
    }

    /** Whether the rule allows everything. */
    public boolean allows(Rule rule) {
        return allowance(rule).everything();
    }

    /** Whether the rule allows the value. */
    public boolean allows(Rule rule, String value) {
        return allows(rule) || values(rule).contains(value);
    }

    /** The values that are allowed beside everything or nothing. */
    public Set<String> values(Rule rule) {
        return allowance(rule).values();
    }

    private Allowance allowance(Rule rule) {
        return allowances.getOrDefault(rule, Allowance.NOTHING);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rules that
                && allowances.equals(that.allowances)
                && limits.equals(that.limits)
                && publishOn.equals(that.publishOn);
    }

    @Override
    public int hashCode() {
        return allowances.hashCode() * 31 + limits.hashCode() + publishOn.hashCode();
    }

    @Override
    public String toString() {
        return allowances + " " + limits + " " + publishOn;
    }
}
