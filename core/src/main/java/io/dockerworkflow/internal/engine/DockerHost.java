package io.dockerworkflow.internal.engine;

import io.dockerworkflow.Endpoint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a {@code tcp://} address behind the scheme: a host or a bracketed IPv6 address, and perhaps a port. */
final class DockerHost {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]+(?:%[\\w.-]+)?)]|(?<host>[\\w.-]*))(?::(?<port>\\d{1,5}))?/?");
    private static final int PLAIN_PORT = 2375;
    private static final int TLS_PORT = 2376;

    private DockerHost() {}

    /** The endpoint; empty if the text is malformed. What is left out is what the docker CLI takes for it. */
    static Optional<Endpoint> tcp(String text, Optional<Path> certificates) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String six = matcher.group("six");
        String host = six != null ? six : matcher.group("host");
        String digits = matcher.group("port");
        int port = digits != null ? Integer.parseInt(digits) : certificates.isPresent() ? TLS_PORT : PLAIN_PORT;
        if (port < 1 || port > 65535) {
            return Optional.empty();
        }
        return Optional.of(new Endpoint.Tcp(host.isEmpty() ? "localhost" : host, port, certificates));
    }
}
