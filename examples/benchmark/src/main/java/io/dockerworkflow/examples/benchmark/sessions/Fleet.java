package io.dockerworkflow.examples.benchmark.sessions;

/**
 * Twenty running containers on two networks with two volumes between them, made and removed in one way or another. Used by one
 * thread.
 */
interface Fleet {
    int CONTAINERS = 20;
    int NETWORKS = 2;
    int VOLUMES = 2;
    String IMAGE = "busybox";

    /** What each container runs. */
    static String[] program() {
        return new String[] {"sleep", "3600"};
    }

    /** The way, as it is called in tables. */
    String name();

    /** Makes what is not measured: the networks and volumes. */
    void prepare();

    /** Starts all containers at once and returns after how many milliseconds the last one runs. */
    double start();

    /** Removes them and returns after how many milliseconds the last one is gone. What is left to remove then, is removed. */
    double stop();
}
