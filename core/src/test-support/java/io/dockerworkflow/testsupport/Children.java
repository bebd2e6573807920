package io.dockerworkflow.testsupport;

import static io.dockerworkflow.testsupport.Docker.docker;

import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.children.SessionNames;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes children of a session as another client would: with the docker CLI and the session's labels. */
public final class Children {
    private final SessionNames names;
    private final AtomicInteger count = new AtomicInteger();

    public Children(SessionNames names) {
        this.names = names;
    }

    /** A running container; the arguments are those of {@code docker run}, from its options on. */
    public String container(String... optionsImageCommand) {
        return make("run -d --name", "container", optionsImageCommand);
    }

    /** A running container that ends when it is told to, and not earlier. */
    public String sleeper(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--init", "busybox", "sleep", "600"));
        return container(arguments.toArray(String[]::new));
    }

    public String network() {
        String name = names.engineName("network" + count.incrementAndGet());
        docker(with("network create", name));
        return name;
    }

    public String volume() {
        String name = names.engineName("volume" + count.incrementAndGet());
        docker(with("volume create", name));
        return name;
    }

    /** What of the session the engine still shows, as ids. */
    public List<String> left() {
        String filter = "label=" + Labels.SESSION + "=" + names.session();
        List<String> left = new ArrayList<>(docker("ps", "-aq", "--filter", filter));
        left.addAll(docker("network", "ls", "-q", "--filter", filter));
        left.addAll(docker("volume", "ls", "-q", "--filter", filter));
        left.addAll(docker("images", "-q", "--filter", filter));
        return left;
    }

    public List<String> labels() {
        List<String> arguments = new ArrayList<>();
        names.labels().forEach((key, value) -> arguments.addAll(List.of("--label", key + "=" + value)));
        return arguments;
    }

    private String make(String command, String kind, String... rest) {
        String name = names.engineName(kind + count.incrementAndGet());
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add(name);
        arguments.addAll(labels());
        arguments.addAll(List.of(rest));
        docker(arguments.toArray(String[]::new));
        return name;
    }

    private String[] with(String command, String name) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(labels());
        arguments.add(name);
        return arguments.toArray(String[]::new);
    }
}
