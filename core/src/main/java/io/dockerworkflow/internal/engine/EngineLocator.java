package io.dockerworkflow.internal.engine;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.EngineException;
import io.dockerworkflow.internal.http.PemCertificates;
import io.dockerworkflow.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the engine that the docker CLI would use in an environment: {@code DOCKER_HOST}, then {@code DOCKER_CONTEXT} or the
 * current context of the CLI's configuration, then the default socket. Where the default socket is absent, a rootless
 * engine's socket in {@code XDG_RUNTIME_DIR} is taken; the CLI itself would need a context for that, but there is no other
 * engine that it could mean.
 *
 * <p>Unlike the CLI, a server's certificate is always verified: {@code DOCKER_TLS} means the same as
 * {@code DOCKER_TLS_VERIFY}.
 */
final class EngineLocator {
    private static final String OPERATION = "find the engine";
    private static final Path DEFAULT_SOCKET = Path.of("/var/run/docker.sock");

    private final Map<String, String> environment;
    private final Path defaultSocket;

    EngineLocator(Map<String, String> environment) {
        this(environment, DEFAULT_SOCKET);
    }

    EngineLocator(Map<String, String> environment, Path defaultSocket) {
        this.environment = environment;
        this.defaultSocket = defaultSocket;
    }

    Endpoint locate() {
        Optional<String> host = variable("DOCKER_HOST");
        if (host.isPresent()) {
            return named(
                    host.get(),
                    "DOCKER_HOST=" + host.get(),
                    tlsWanted() ? Optional.of(certificates()) : Optional.empty());
        }
        Optional<String> context = variable("DOCKER_CONTEXT").or(this::currentContext);
        if (context.isPresent() && !context.get().equals("default")) {
            return ofContext(context.get());
        }
        return defaultEngine();
    }

    /** The docker CLI's configuration directory, where there is one. */
    Optional<Path> configDirectory() {
        return variable("DOCKER_CONFIG").map(Path::of).or(() -> variable("HOME").map(home -> Path.of(home, ".docker")));
    }

    private Endpoint defaultEngine() {
        Optional<Path> rootless = variable("XDG_RUNTIME_DIR").map(directory -> Path.of(directory, "docker.sock"));
        if (rootless.isPresent() && Files.notExists(defaultSocket) && Files.exists(rootless.get())) {
            return new Endpoint.UnixSocket(rootless.get());
        }
        return new Endpoint.UnixSocket(defaultSocket);
    }

    private Endpoint named(String host, String target, Optional<Path> certificates) {
        int scheme = host.indexOf("://");
        if (scheme < 0) {
            throw malformed(target, "there is no scheme in it");
        }
        String rest = host.substring(scheme + 3);
        return switch (host.substring(0, scheme)) {
            case "unix" -> unix(rest, target);
            case "tcp" ->
                DockerHost.tcp(rest, certificates)
                        .orElseThrow(() -> malformed(target, "\"" + rest + "\" is not HOST[:PORT]"));
            case "ssh" ->
                throw unsupported(
                        target,
                        "ssh is not supported",
                        "Forward the engine's socket (ssh -NL /path/docker.sock:/var/run/docker.sock HOST) and set"
                                + " DOCKER_HOST=unix:///path/docker.sock");
            case "npipe" ->
                throw unsupported(
                        target,
                        "Windows pipes are not supported",
                        "Run this in WSL 2, or expose the engine on TCP with TLS and set DOCKER_HOST=tcp://HOST:2376");
            default -> throw malformed(target, "its scheme is unknown");
        };
    }

    private Endpoint unix(String path, String target) {
        if (path.isEmpty()) {
            return new Endpoint.UnixSocket(defaultSocket);
        }
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw malformed(target, "the socket's path is not absolute");
        }
        return new Endpoint.UnixSocket(Path.of(path));
    }

    private boolean tlsWanted() {
        return variable("DOCKER_TLS_VERIFY").isPresent()
                || variable("DOCKER_TLS").isPresent();
    }

    private Path certificates() {
        return variable("DOCKER_CERT_PATH")
                .map(Path::of)
                .or(this::configDirectory)
                .orElseThrow(() -> new EngineException(
                        OPERATION,
                        "DOCKER_TLS_VERIFY",
                        Optional.of("neither DOCKER_CERT_PATH nor HOME says where the certificates are"),
                        "Set DOCKER_CERT_PATH to the directory that holds " + String.join(", ", PemCertificates.FILES),
                        null));
    }

    private Optional<String> currentContext() {
        Optional<Path> file = configDirectory().map(directory -> directory.resolve("config.json"));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Json.textAt(Files.readString(file.get()), "currentContext").filter(name -> !name.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(file.get(), e);
        }
    }

    private Endpoint ofContext(String name) {
        String target = "docker context \"" + name + "\"";
        Path contexts = configDirectory().orElse(Path.of("/")).resolve("contexts");
        Path file = contexts.resolve("meta").resolve(sha256(name)).resolve("meta.json");
        String host;
        try {
            host = Json.textAt(Files.readString(file), "Endpoints", "docker", "Host")
                    .orElse("");
        } catch (NoSuchFileException e) {
            throw new EngineException(
                    OPERATION,
                    target,
                    Optional.of("there is no such context in " + contexts),
                    "Choose one that \"docker context ls\" lists, with \"docker context use\" or DOCKER_CONTEXT",
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        Path tls = contexts.resolve("tls").resolve(sha256(name)).resolve("docker");
        return named(host, target, Files.isDirectory(tls) ? Optional.of(tls) : Optional.empty());
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    private static String sha256(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static EngineException unreadable(Path file, IOException e) {
        String words = e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
        return new EngineException(
                OPERATION,
                file.toString(),
                Optional.ofNullable(words),
                "Repair the file, or set DOCKER_HOST, which goes before it",
                e);
    }

    private static EngineException malformed(String target, String words) {
        return new EngineException(
                OPERATION, target, Optional.of(words), "Write unix:///path/to/docker.sock or tcp://HOST:PORT", null);
    }

    private static EngineException unsupported(String target, String words, String remedy) {
        return new EngineException(OPERATION, target, Optional.of(words), remedy, null);
    }
}
