package io.dockerworkflow.internal.step;

import io.dockerworkflow.EngineException;
import io.dockerworkflow.InvalidStepException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Gives a step's container, before its start, its placement's programs, and what its user needs: a home, an entry, secrets. */
final class StepPreparation {
    private static final String PASSWD = "/etc/passwd";
    private static final String GROUP = "/etc/group";
    private static final String SECRETS = "/run/secrets";
    private static final String NAME = "step";

    private final StepCommand command;
    private final StepContainer container;

    StepPreparation(StepCommand command, StepContainer container) {
        this.command = command;
        this.container = container;
    }

    void run() {
        Map<String, String> secrets = command.step().secrets();
        Map<String, String> programs = command.placement().programs();
        Map<String, String> certificates = command.placement().certificates();
        if (!command.needsHome() && secrets.isEmpty() && programs.isEmpty() && certificates.isEmpty()) {
            return;
        }
        StepFiles files = new StepFiles();
        programs.forEach(files::program);
        Map<String, Map<String, String>> readByUser = new LinkedHashMap<>();
        readByUser.put(SECRETS, secrets);
        readByUser.put(StepPlacement.CERTIFICATES.toString(), certificates);
        readByUser.values().removeIf(Map::isEmpty);
        if (command.needsHome() || !readByUser.isEmpty()) {
            addFor(command.user().orElseGet(() -> new StepUser(container.user())), readByUser, files);
        }
        container.unpack(files.archive());
    }

    private void addFor(StepUser user, Map<String, Map<String, String>> readByUser, StepFiles files) {
        if (user.isRoot() && !user.text().contains(":")) {
            readByUser.forEach((directory, texts) -> files.secrets(directory, texts, FileIds.ROOT));
        } else {
            AccountFile passwd = container.accounts(PASSWD);
            AccountFile group = container.accounts(GROUP);
            FileIds ids = user.ids(passwd, group).orElseThrow(() -> unknown(user));
            if (command.needsHome()) {
                files.home(StepCommand.HOME, ids);
                files.accounts(PASSWD, passwd.withHome(ids, NAME, StepCommand.HOME));
                files.accounts(GROUP, group.withGroup(ids.gid(), NAME));
            }
            readByUser.forEach((directory, texts) -> files.secrets(directory, texts, ids));
        }
    }

    /**
     * What to throw when the container did not start: an unknown user is the step's fault, but engine 20.10 answers 500 as if
     * it were its own.
     */
    RuntimeException blame(RuntimeException failure) {
        Optional<StepUser> name = command.user().filter(user -> user.number().isEmpty() && !user.isRoot());
        if (failure instanceof EngineException
                && name.flatMap(user -> user.ids(container.accounts(PASSWD), container.accounts(GROUP)))
                        .isEmpty()
                && name.isPresent()) {
            InvalidStepException invalid = unknown(name.get());
            invalid.addSuppressed(failure);
            return invalid;
        }
        return failure;
    }

    private InvalidStepException unknown(StepUser user) {
        return new InvalidStepException(
                "run a step",
                command.step().toString(),
                Optional.of("the image " + command.image() + " does not know the user \"" + user + "\""),
                "Name one that it knows, or give the user and group as numbers",
                null);
    }
}
