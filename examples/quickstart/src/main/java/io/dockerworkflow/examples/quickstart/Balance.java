package io.dockerworkflow.examples.quickstart;

import io.dockerworkflow.examples.quickstart.EngineView.Holdings;
import java.io.PrintStream;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the engine held before and after.
 *
 * @param before before the first session
 * @param after after the last one
 */
record Balance(Holdings before, Holdings after) {

    /** Prints both counts, and returns whether they are equal. */
    boolean print(PrintStream out) {
        boolean equal = before.counts().equals(after.counts());
        if (!equal) {
            out.println();
            out.println("The counts differ. If another program uses this engine, that may be the reason. New or gone:");
            difference(out, "container", before.containers(), after.containers());
            difference(out, "network", before.networks(), after.networks());
            difference(out, "volume", before.volumes(), after.volumes());
        }
        out.println();
        out.println("The engine before: " + before.counts());
        out.println("The engine after:  " + after.counts());
        return equal;
    }

    private static void difference(PrintStream out, String kind, Set<String> before, Set<String> after) {
        without(after, before).forEach(name -> out.println("  + " + kind + " " + name));
        without(before, after).forEach(name -> out.println("  - " + kind + " " + name));
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }
}
