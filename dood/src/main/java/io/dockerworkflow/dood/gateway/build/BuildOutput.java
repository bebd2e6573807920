package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.image.PullProgress;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.session.MessageRewriter;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classic builder's output without what it does for the session: labels, and a tag. One build, one use. */
final class BuildOutput {
    private static final Pattern STEP = Pattern.compile("Step (\\d+)/(\\d+) : (.*)", Pattern.DOTALL);
    private static final String TAGGED = "Successfully tagged ";

    private final MessageRewriter messages;
    private final Predicate<String> isLease;
    private final Set<String> labels;
    private int hidden;
    private boolean hiding;
    private final PullProgress pulling = new PullProgress();
    private final Map<String, Optional<String>> pulled = new LinkedHashMap<>();
    private final boolean quiet;
    private final Consumer<String> pullListener;
    private final List<ObjectNode> heldBack = new ArrayList<>();

    /**
     * An output.
     *
     * @param isLease which tags are the gateway's own
     * @param labels the names of the labels that the session adds, each of them a step
     * @param quiet whether the client wants the id of the image only, or what there is of an output if the build fails
     * @param pullListener is told of each image that the builder has pulled, by the name that the host has it under
     */
    BuildOutput(
            MessageRewriter messages,
            Predicate<String> isLease,
            Set<String> labels,
            boolean quiet,
            Consumer<String> pullListener) {
        this.messages = messages;
        this.isLease = isLease;
        this.labels = labels;
        this.quiet = quiet;
        this.pullListener = pullListener;
    }

    /** What the client gets of one object of the stream. */
    List<ObjectNode> filter(ObjectNode line) {
        // Only the engine writes these; what a step prints has another field.
        pulling.hear(line);
        pulling.completed()
                .map(text -> ImageReference.of(text).withDefaultTag().familiar())
                .ifPresent(reference -> {
                    pulled.put(reference, pulling.digest());
                    pullListener.accept(reference);
                });
        List<ObjectNode> shown = shown(line);
        if (!quiet) {
            return shown;
        }
        String image = ApiJson.text(line.path("aux"), "ID");
        if (!image.isEmpty()) {
            heldBack.clear();
            return List.of(ApiJson.object().put("stream", image + "\n"));
        }
        heldBack.addAll(shown);
        return line.has("error") ? List.copyOf(heldBack) : List.of();
    }

    private List<ObjectNode> shown(ObjectNode line) {
        String text = ApiJson.text(line, "stream");
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
        } else if (text.startsWith(TAGGED)
                && isLease.test(text.substring(TAGGED.length()).strip())) {
            return List.of();
        } else if (text.startsWith("Successfully built") || line.has("error") || line.has("aux")) {
            hiding = false;
        }
        return hiding ? List.of() : List.of(messages.progress(line));
    }

    /** What the builder has pulled so far, under the host's names: tags or digests, with the digest that a tag has. */
    Map<String, Optional<String>> pulled() {
        return Map.copyOf(pulled);
    }

    private boolean isOurs(String instruction) {
        return labels.stream()
                .anyMatch(name -> instruction.startsWith("LABEL " + name + "=")
                        || instruction.startsWith("LABEL \"" + name + "\"="));
    }
}
