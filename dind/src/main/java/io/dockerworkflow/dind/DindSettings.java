package io.dockerworkflow.dind;

import java.time.Duration;
import java.util.List;

/**
 * What a {@link DindWorkflow} was told.
 *
 * @param image the image that the daemon runs in
 * @param seeds the images that the daemon gets from the outer engine
 * @param rights the rights that the daemon gets
 * @param startDeadline how long it may take until it answers
 */
record DindSettings(String image, List<String> seeds, Rights rights, Duration startDeadline) {
    static final DindSettings DEFAULTS =
            new DindSettings("docker:dind", List.of(), Rights.RESTRICTED, Duration.ofSeconds(60));

    DindSettings {
        seeds = List.copyOf(seeds);
    }
}
