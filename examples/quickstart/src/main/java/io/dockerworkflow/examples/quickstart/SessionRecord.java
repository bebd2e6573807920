package io.dockerworkflow.examples.quickstart;

import io.dockerworkflow.DockerWorkflow;
import io.dockerworkflow.SessionId;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.WorkflowEvent;
import io.dockerworkflow.WorkflowEvent.ChildCreated;
import io.dockerworkflow.WorkflowEvent.SessionOpened;
import io.dockerworkflow.WorkflowListener;
import io.dockerworkflow.WorkflowSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What a session did, for the table.
 *
 * @param mode its mode
 * @param ready how long it took to open
 * @param made how many children were made through it, as the library told
 * @param left how many of them the engine still has
 * @param took from the call of open to the end of the teardown
 */
record SessionRecord(String mode, Duration ready, int made, int left, Duration took) {

    int removed() {
        return made - left;
    }

    /** What is done in a session. */
    interface Use {
        void in(Transcript session) throws Exception;
    }

    /** Opens a session, uses it, ends it, and prints what was said in it. */
    static SessionRecord of(String mode, DockerWorkflow workflow, EngineView engine, Use use) throws Exception {
        Transcript transcript = new Transcript();
        try {
            return of(mode, workflow, engine, use, transcript);
        } finally {
            transcript.print();
        }
    }

    /** Does the same in several sessions at once, each in a thread of its own, and prints one after the other. */
    static List<SessionRecord> atOnce(int sessions, String mode, DockerWorkflow workflow, EngineView engine, Use use)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        try {
            List<Transcript> transcripts =
                    IntStream.range(0, sessions).mapToObj(i -> new Transcript()).toList();
            List<Future<SessionRecord>> futures = transcripts.stream()
                    .map(transcript -> threads.submit(() -> of(mode, workflow, engine, use, transcript)))
                    .toList();
            List<SessionRecord> records = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                try {
                    records.add(futures.get(i).get());
                } finally {
                    transcripts.get(i).print();
                }
            }
            return records;
        } finally {
            threads.shutdownNow();
        }
    }

    private static SessionRecord of(
            String mode, DockerWorkflow workflow, EngineView engine, Use use, Transcript transcript) throws Exception {
        Counter counter = new Counter(transcript);
        long begun = System.nanoTime();
        SessionId id;
        try (WorkflowSession session = workflow.open(SessionOptions.defaults().listener(counter))) {
            id = session.id();
            use.in(transcript.of(session));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        return new SessionRecord(mode, counter.ready, counter.made, engine.childrenOf(id), took);
    }

    /** Counts what the library tells. */
    private static final class Counter implements WorkflowListener {
        private final Transcript transcript;
        private Duration ready = Duration.ZERO;
        private int made;

        private Counter(Transcript transcript) {
            this.transcript = transcript;
        }

        @Override
        public synchronized void on(WorkflowEvent event) {
            transcript.on(event);
            if (event instanceof SessionOpened opened) {
                ready = opened.took();
            } else if (event instanceof ChildCreated) {
                made++;
            }
        }
    }
}
