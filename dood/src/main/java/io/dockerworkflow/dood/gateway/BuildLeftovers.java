package io.dockerworkflow.dood.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the classic builder leaves without a name: the images of all stages but the last, and of a build that fails. They carry no
 * label either, so the session holds them. One build, one use.
 */
final class BuildLeftovers {
    private static final Pattern STEP = Pattern.compile("Step \\d+/\\d+ : (.*)", Pattern.DOTALL);
    private static final Pattern IMAGE = Pattern.compile(" ---> ([0-9a-f]{12})\\n?");
    private static final String CACHED = " ---> Using cache";
    private static final String BUILT = "Successfully built ";

    private final Set<String> left = new LinkedHashSet<>();
    private Optional<String> last = Optional.empty();
    private boolean madeBefore;

    /** Hears one object of the builder's output, which it leaves as it is. */
    void hear(ObjectNode line) {
        String text = Json.text(line, "stream");
        Matcher step = STEP.matcher(text);
        Matcher image = IMAGE.matcher(text);
        if (step.matches()) {
            madeBefore = step.group(1).toUpperCase(Locale.ROOT).startsWith("FROM ");
            if (madeBefore) {
                last.ifPresent(left::add);
                last = Optional.empty();
            }
        } else if (text.startsWith(CACHED)) {
            madeBefore = true;
        } else if (image.matches()) {
            last = madeBefore ? Optional.empty() : Optional.of(image.group(1));
        } else if (text.startsWith(BUILT)) {
            last = Optional.empty();
        }
    }

    /** The ids, shortened, of what has been left. */
    Set<String> left() {
        Set<String> all = new LinkedHashSet<>(left);
        last.ifPresent(all::add);
        return all;
    }

    /**
     * The build has ended: what it has left becomes the session's.
     *
     * @param before the ids of all images before the build: a step can print what the builder would say
     */
    CompletionStage<Boolean> take(GatewayContext gateway, Call call, Set<String> before) {
        CompletionStage<Boolean> all = CompletableFuture.completedFuture(true);
        for (String id : left()) {
            all = all.thenCompose(any -> EngineImages.idOf(call, id))
                    .thenCompose(found -> found.filter(whole -> !before.contains(whole))
                            .map(whole -> HeldImages.hold(gateway, call, whole))
                            .orElse(CompletableFuture.completedFuture(false)));
        }
        return all;
    }
}
