package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classic builder's output without the steps that set the session's labels. One build, one use. */
final class BuildOutput {
    private static final Pattern STEP = Pattern.compile("Step (\\d+)/(\\d+) : (.*)", Pattern.DOTALL);

    private final ErrorText errors;
    private final Set<String> labels;
    private int hidden;
    private boolean hiding;

    /**
     * An output.
     *
     * @param labels the names of the labels that the session adds, each of them a step
     */
    BuildOutput(ErrorText errors, Set<String> labels) {
        this.errors = errors;
        this.labels = labels;
    }

    /** What the client gets of one object of the stream. */
    List<ObjectNode> filter(ObjectNode line) {
        String text = Json.text(line, "stream");
        Matcher step = STEP.matcher(text);
        if (step.matches()) {
            hiding = isOurs(step.group(3));
            if (hiding) {
                hidden++;
            } else {
                int number = Integer.parseInt(step.group(1)) - hidden;
                int all = Integer.parseInt(step.group(2)) - labels.size();
                line.put("stream", "Step " + number + "/" + all + " : " + step.group(3));
            }
        } else if (text.startsWith("Successfully built") || line.has("error") || line.has("aux")) {
            hiding = false;
        }
        return hiding ? List.of() : List.of(errors.progress(line));
    }

    private boolean isOurs(String instruction) {
        return labels.stream()
                .anyMatch(name -> instruction.startsWith("LABEL " + name + "=")
                        || instruction.startsWith("LABEL \"" + name + "\"="));
    }
}
