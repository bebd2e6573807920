package io.dockerworkflow.dood.testsupport;

import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is announced, as "begin container dw-0a0b0c0d-db". */
public final class RecordedChildren implements ChildRegistry {
    private final List<String> told = new CopyOnWriteArrayList<>();

    public List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public Announcement announce(Child child) {
        tell("begin", child);
        return new Announcement() {
            @Override
            public void created() {
                tell("born", child);
            }

            @Override
            public void end() {
                tell("end", child);
            }
        };
    }

    @Override
    public void trackUnlabelled(Child child) {
        tell("track", child);
    }

    @Override
    public void forget(Child child) {
        tell("forget", child);
    }

    private void tell(String what, Child child) {
        told.add(what + " " + child);
    }
}
