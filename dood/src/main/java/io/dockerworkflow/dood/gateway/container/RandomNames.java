package io.dockerworkflow.dood.gateway.container;

import java.util.Random;

/** Names for containers that their client gave none, of the form that the daemon uses. */
final class RandomNames {
    private static final String[] ADJECTIVES = {
        "amber", "brisk", "calm", "clever", "crisp", "dapper", "eager", "fair", "gentle", "glad", "handy", "jolly",
        "keen", "lively", "lucid", "mellow", "merry", "neat", "noble", "patient", "plucky", "polite", "proud", "quick",
        "quiet", "ready", "robust", "serene", "sharp", "shiny", "steady", "sunny", "swift", "tidy", "upbeat", "vivid",
        "warm", "wise", "witty", "zesty"
    };
    private static final String[] NOUNS = {
        "anchor", "badger", "beacon", "birch", "brook", "cedar", "comet", "coral", "crane", "dune", "ember", "falcon",
        "fjord", "harbor", "heron", "island", "juniper", "kestrel", "lagoon", "lantern", "maple", "meadow", "otter",
        "pebble", "pine", "prairie", "quartz", "raven", "reef", "river", "robin", "sparrow", "spruce", "summit",
        "thistle", "tulip", "valley", "walnut", "willow", "wren"
    };

    private final Random random;

    RandomNames(Random random) {
        this.random = random;
    }

    /** A name; from the second attempt on with a digit, so that a busy session finds a free one. */
    String next(int attempt) {
        String name = ADJECTIVES[random.nextInt(ADJECTIVES.length)] + "_" + NOUNS[random.nextInt(NOUNS.length)];
        return attempt == 0 ? name : name + random.nextInt(1000);
    }
}
