package io.dockerworkflow.internal.step;

import io.dockerworkflow.Stdin;
import io.dockerworkflow.internal.http.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a step its input on a thread of its own, and then end-of-file. Closing it ends that, and closes the source. */
final class StepInput {
    private static final Logger LOG = LoggerFactory.getLogger(StepInput.class);

    private final Optional<Pump> pump;

    private StepInput(Optional<Pump> pump) {
        this.pump = pump;
    }

    static StepInput pump(Stdin stdin, RawConnection target, String threadName) {
        if (!(stdin instanceof Stdin.From from)) {
            return new StepInput(Optional.empty());
        }
        Pump pump = new Pump(from.source().get(), target, threadName);
        pump.thread.start();
        return new StepInput(Optional.of(pump));
    }

    void close() {
        pump.ifPresent(Pump::end);
    }

    private static final class Pump {
        private final InputStream source;
        private final RawConnection target;
        private final Thread thread;

        private Pump(InputStream source, RawConnection target, String threadName) {
            this.source = source;
            this.target = target;
            this.thread = new Thread(this::copy, threadName);
            thread.setDaemon(true);
        }

        private void copy() {
            try {
                source.transferTo(target.output());
            } catch (IOException e) {
                // Either the step has ended without reading all, or the source failed: for the step both are the end.
                LOG.debug("A step's input ended early", e);
            }
            try {
                target.closeOutput();
            } catch (IOException e) {
                LOG.debug("A step ended before its input", e);
            }
        }

        /** The thread is not waited for: nothing ends a read from a terminal, for instance. */
        private void end() {
            thread.interrupt();
            try {
                source.close();
            } catch (IOException e) {
                LOG.debug("A step's input could not be closed", e);
            }
        }
    }
}
