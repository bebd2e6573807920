package io.dockerworkflow.dind;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a {@link DindWorkflow}.
 *
 * @param chosenImage the image that the daemon runs in; empty for the default image of the rights
 * @param cache the name of the volume that keeps images from one session to the next
 * @param seeds the images that the daemon gets from the outer engine
 * @param rights the rights that the daemon gets
 * @param startDeadline how long the daemon may take until it answers
 */
record DindSettings(
        Optional<String> chosenImage,
        Optional<String> cache,
        List<String> seeds,
        Rights rights,
        Duration startDeadline) {
    static final DindSettings DEFAULTS =
            new DindSettings(Optional.empty(), Optional.empty(), List.of(), Rights.RESTRICTED, Duration.ofSeconds(60));

    DindSettings {
        seeds = List.copyOf(seeds);
    }

    String image() {
        return chosenImage.orElse(rights == Rights.ROOTLESS ? "docker:dind-rootless" : "docker:dind");
    }

    DindSettings image(String image) {
        return new DindSettings(Optional.of(image), cache, seeds, rights, startDeadline);
    }

    DindSettings cache(String name) {
        return new DindSettings(chosenImage, Optional.of(name), seeds, rights, startDeadline);
    }

    DindSettings seeds(List<String> seeds) {
        return new DindSettings(chosenImage, cache, seeds, rights, startDeadline);
    }

    DindSettings rights(Rights rights) {
        return new DindSettings(chosenImage, cache, seeds, rights, startDeadline);
    }

    DindSettings startDeadline(Duration deadline) {
        return new DindSettings(chosenImage, cache, seeds, rights, deadline);
    }
}
