package io.dockerworkflow.dood.gateway.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.policy.ShellPattern;
import io.dockerworkflow.internal.engine.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The {@code reference} filter of images: a shell pattern on the name with or without its tag. */
final class ReferenceFilter {
    private ReferenceFilter() {}

    /** Keeps an image's tags that match; false if none is left. No pattern keeps all. */
    static boolean keepMatching(ObjectNode image, Set<String> patterns) {
        if (patterns.isEmpty()) {
            return true;
        }
        if (!(image.get("RepoTags") instanceof ArrayNode tags)) {
            return false;
        }
        List<Pattern> compiled =
                patterns.stream().map(ReferenceFilter::shellPattern).toList();
        List<String> kept = new ArrayList<>();
        for (JsonNode tag : tags) {
            String reference = tag.asText("");
            String name = ImageReference.nameAsWritten(reference);
            if (compiled.stream()
                    .anyMatch(pattern -> pattern.matcher(reference).matches()
                            || pattern.matcher(name).matches())) {
                kept.add(reference);
            }
        }
        tags.removeAll();
        kept.forEach(tags::add);
        return !kept.isEmpty();
    }

    private static Pattern shellPattern(String glob) {
        try {
            return Pattern.compile(ShellPattern.toRegex(glob));
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("invalid filter 'reference=[" + glob + "]'");
        }
    }
}
