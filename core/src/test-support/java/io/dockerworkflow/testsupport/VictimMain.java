package io.dockerworkflow.testsupport;

import io.dockerworkflow.Child;
import io.dockerworkflow.Child.Kind;
import io.dockerworkflow.Mode;
import io.dockerworkflow.SessionOptions;
import io.dockerworkflow.internal.session.SessionScope;
import java.util.concurrent.CountDownLatch;

/**
 * A process with an open session and children of all kinds, to be killed. Writes the session's id when all is there; then waits
 * for ever, or ends as its second argument says.
 */
public final class VictimMain {
    private VictimMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        boolean watchdog = Boolean.parseBoolean(arguments[0]);
        SessionScope scope =
                SessionScope.open(Mode.DOOD, SessionOptions.defaults().watchdog(watchdog));
        scope.opened(scope);
        Children children = new Children(scope.names());
        String network = children.network();
        children.sleeper("--network", network, "-v", children.volume() + ":/data", "-v", "/anonymous");
        children.sleeper("--restart", "always");
        if (watchdog) {
            // Without one nobody could remove it, and the test would leave it behind.
            Child unlabelled = new Child(Kind.VOLUME, scope.names().engineName("unlabelled"));
            scope.tracker().trackUnlabelled(unlabelled);
            Docker.docker("volume", "create", unlabelled.name());
        }
        System.out.println(scope.id());
        switch (arguments.length > 1 ? arguments[1] : "wait") {
            case "exit" -> System.exit(3);
            case "halt" -> Runtime.getRuntime().halt(4);
            case "memory" -> {
                long[][] all = new long[1_000_000][];
                for (int i = 0; ; i++) {
                    all[i] = new long[1_000_000];
                }
            }
            default -> new CountDownLatch(1).await();
        }
    }
}
