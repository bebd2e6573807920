package io.dockerworkflow.dood.policy;

/**
 * How much a session may take. Zero stands for no limit.
 *
 * @param containers how many containers it may have at a time
 * @param memory bytes of memory for each container; one that asks for no limit gets this one
 * @param nanoCpus billionths of a CPU for each container; likewise
 * @param pids processes in each container; likewise
 */
public record Limits(int containers, long memory, long nanoCpus, long pids) {
    /** No limits. */
    public static final Limits NONE = new Limits(0, 0, 0, 0);

    /** Checks the numbers. */
    public Limits {
        if (containers < 0 || memory < 0 || nanoCpus < 0 || pids < 0) {
            throw new IllegalArgumentException("A limit is positive, or zero for none: " + containers + " containers, "
                    + memory + " bytes, " + nanoCpus + " nano-CPUs, " + pids + " processes");
        }
    }
}
