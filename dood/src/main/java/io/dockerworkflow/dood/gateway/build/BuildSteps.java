package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from the classic builder's output what images it makes on its way. One build, one use. */
final class BuildSteps {
    private static final Pattern STEP = Pattern.compile("Step (\\d+)/(\\d+) : (.*)", Pattern.DOTALL);
    private static final Pattern COPY = Pattern.compile("(?i)(COPY|ADD)\\s.*", Pattern.DOTALL);
    private static final Pattern IMAGE = Pattern.compile(" ---> ([0-9a-f]{12})\\n?");
    private static final Pattern RUNNING = Pattern.compile(" ---> Running in ([0-9a-f]{12})\\n?");
    private static final String CACHED = " ---> Using cache";

    private int stage;
    private boolean last;
    private boolean madeBefore = true;
    private boolean from;
    private boolean base;
    private boolean begun;
    private String latest = "";

    /** What is said of a step. */
    sealed interface Heard permits Begun, Made, Found {}

    /**
     * A step has begun of which an image may come to be.
     *
     * @param parent the shortened id of the image that it is made on; empty if it is made on nothing
     * @param base whether the stage begins with that image
     * @param container the shortened id of the container that it runs in, if it does not copy
     */
    record Begun(String parent, boolean base, Optional<String> container) implements Heard {}

    /**
     * An image that a step has made.
     *
     * @param stage in which of the build's stages, counted from one
     * @param id its id, shortened
     * @param last whether the build has no step after it
     */
    record Made(int stage, String id, boolean last) implements Heard {}

    /** The image of the step that has begun was there before. */
    record Found() implements Heard {}

    /** Hears one object of the output, which it leaves as it is. A step can print what the builder would say. */
    Optional<Heard> hear(ObjectNode line) {
        String text = ApiJson.text(line, "stream");
        Matcher step = STEP.matcher(text);
        Matcher image = IMAGE.matcher(text);
        Matcher running = RUNNING.matcher(text);
        if (step.matches()) {
            return step(step.group(3), step.group(1).equals(step.group(2)));
        } else if (running.matches() && !madeBefore) {
            return begun(Optional.of(running.group(1)));
        } else if (text.startsWith(CACHED)) {
            madeBefore = true;
            return begun ? Optional.of(new Found()) : Optional.empty();
        } else if (image.matches()) {
            return image(image.group(1));
        } else if (line.has("error")) {
            begun = false;
        }
        return Optional.empty();
    }

    private Optional<Heard> step(String instruction, boolean isLast) {
        from = instruction.toUpperCase(Locale.ROOT).startsWith("FROM ");
        madeBefore = from;
        last = isLast;
        begun = false;
        if (from) {
            stage++;
            base = true;
            latest = "";
        }
        return COPY.matcher(instruction).matches() ? begun(Optional.empty()) : Optional.empty();
    }

    private Optional<Heard> begun(Optional<String> container) {
        begun = true;
        return Optional.of(new Begun(latest, base, container));
    }

    private Optional<Heard> image(String id) {
        latest = id;
        base = from;
        begun = false;
        return madeBefore ? Optional.empty() : Optional.of(new Made(stage, id, last));
    }

    /** Whether a step has begun of which neither an image nor an error has come yet. */
    boolean isUnderWay() {
        return begun;
    }

    /** The stage that it is at, counted from one. */
    int stage() {
        return stage;
    }
}
