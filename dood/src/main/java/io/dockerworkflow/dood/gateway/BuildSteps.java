package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from the classic builder's output what images it makes on its way. One build, one use. */
final class BuildSteps {
    private static final Pattern STEP = Pattern.compile("Step (\\d+)/(\\d+) : (.*)", Pattern.DOTALL);
    private static final Pattern IMAGE = Pattern.compile(" ---> ([0-9a-f]{12})\\n?");
    private static final String CACHED = " ---> Using cache";

    private int stage;
    private boolean last;
    private boolean madeBefore = true;

    /**
     * An image that a step has made.
     *
     * @param stage in which of the build's stages, counted from one
     * @param id its id, shortened
     * @param last whether the build has no step after it
     */
    record Made(int stage, String id, boolean last) {}

    /** Hears one object of the output, which it leaves as it is. A step can print what the builder would say. */
    Optional<Made> hear(ObjectNode line) {
        String text = Json.text(line, "stream");
        Matcher step = STEP.matcher(text);
        Matcher image = IMAGE.matcher(text);
        if (step.matches()) {
            madeBefore = step.group(3).toUpperCase(Locale.ROOT).startsWith("FROM ");
            stage += madeBefore ? 1 : 0;
            last = step.group(1).equals(step.group(2));
        } else if (text.startsWith(CACHED)) {
            madeBefore = true;
        } else if (image.matches() && !madeBefore) {
            return Optional.of(new Made(stage, image.group(1), last));
        }
        return Optional.empty();
    }

    /** The stage that it is at, counted from one. */
    int stage() {
        return stage;
    }
}
