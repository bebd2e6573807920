package io.dockerworkflow.examples.benchmark.gateway;

/**
 * How much is measured.
 *
 * @param rounds how often each way is measured
 * @param seconds how long latency is measured in a round
 * @param warmUp how many requests each way gets before latency is measured
 * @param turns how many requests each way gets where they take turns
 * @param imageMegabytes the size of the image that is saved
 * @param contextMegabytes the size of the context that is sent
 * @param streams how many streams are held open
 * @param sessions over how many sessions heap is averaged
 */
public record GatewaySizes(
        int rounds,
        int seconds,
        int warmUp,
        int turns,
        int imageMegabytes,
        int contextMegabytes,
        int streams,
        int sessions) {

    /** What the bounds are about. */
    public static final GatewaySizes FULL = new GatewaySizes(5, 2, 20_000, 5_000, 390, 200, 200, 40);

    /** To see whether all works. */
    public static final GatewaySizes QUICK = new GatewaySizes(2, 1, 2_000, 2_000, 40, 20, 200, 5);

    /** The same, with another number of rounds. */
    public GatewaySizes withRounds(int other) {
        return new GatewaySizes(other, seconds, warmUp, turns, imageMegabytes, contextMegabytes, streams, sessions);
    }
}
