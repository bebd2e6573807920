package io.dockerworkflow.internal.engine;

/** Threads that keep no JVM alive. */
public final class DaemonThread {
    private DaemonThread() {}

    /** A thread that has not started. */
    public static Thread of(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A thread that does the task from now on. */
    public static void start(String name, Runnable task) {
        of(name, task).start();
    }
}
