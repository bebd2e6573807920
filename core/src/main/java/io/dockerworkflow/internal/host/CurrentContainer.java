package io.dockerworkflow.internal.host;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What this process can tell from its own {@code /proc} about the container that it runs in.
 *
 * @param cgroup the text of {@code /proc/self/cgroup}
 * @param mountInfo the text of {@code /proc/self/mountinfo}
 * @param hostname the host name, as the kernel tells it
 */
record CurrentContainer(String cgroup, String mountInfo, String hostname) {
    private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");
    private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{12}");
    private static final Set<String> MADE_BY_ENGINES = Set.of("/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

    static CurrentContainer read(Path root) {
        return new CurrentContainer(
                text(root.resolve("proc/self/cgroup")),
                text(root.resolve("proc/self/mountinfo")),
                text(root.resolve("proc/sys/kernel/hostname")).strip());
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this is a container. A {@code /.dockerenv} says nothing: virtual machines made from images have one too. */
    boolean isContainer() {
        return !idsInCgroup().isEmpty() || !idsInMounts().isEmpty();
    }

    /**
     * The ids that may be this container's, likeliest first. With a private cgroup namespace (the default with cgroup v2) the
     * cgroup says nothing, and in another container's network namespace the mounts and the host name are that container's.
     */
    Set<String> candidates() {
        Set<String> ids = new LinkedHashSet<>(idsInCgroup());
        ids.addAll(idsInMounts());
        if (SHORT_ID.matcher(hostname).matches()) {
            ids.add(hostname);
        }
        return ids;
    }

    private Set<String> idsInCgroup() {
        Set<String> ids = new LinkedHashSet<>();
        cgroup.lines().forEach(line -> {
            // The last one: the engine itself may run in a container.
            Matcher matcher = ID.matcher(line);
            String last = "";
            while (matcher.find()) {
                last = matcher.group();
            }
            if (!last.isEmpty()) {
                ids.add(last);
            }
        });
        return ids;
    }

    private Set<String> idsInMounts() {
        Set<String> ids = new LinkedHashSet<>();
        for (MountLine mount : mounts()) {
            Matcher matcher = ID.matcher(mount.root());
            if (MADE_BY_ENGINES.contains(mount.point()) && matcher.find()) {
                ids.add(matcher.group());
            }
        }
        return ids;
    }

    /** Whether what the engine says of a container can be true of this one. */
    boolean matches(JsonNode inspected) {
        List<String> points = mounts().stream().map(MountLine::point).toList();
        for (JsonNode mount : inspected.path("Mounts")) {
            Path named = Path.of(mount.path("Destination").asText());
            // The engine says /var/run/docker.sock where the kernel says /run/docker.sock.
            Path real = RealPath.of(named).orElse(named);
            if (!points.contains(named.toString()) && !points.contains(real.toString())) {
                return false;
            }
        }
        String upper = upperDirectory(inspected);
        return upper.isEmpty() || upperDirectory().map(upper::endsWith).orElse(true);
    }

    /** Whether the container's root file system is this one, which is true of one container only. */
    boolean hasRootOf(JsonNode inspected) {
        String upper = upperDirectory(inspected);
        return !upper.isEmpty() && upperDirectory().map(upper::endsWith).orElse(false);
    }

    private static String upperDirectory(JsonNode inspected) {
        return inspected.path("GraphDriver").path("Data").path("UpperDir").asText();
    }

    /** Where the writes to this container's root go on the host, if its root is an overlay. */
    private Optional<String> upperDirectory() {
        return mounts().stream()
                .filter(mount -> mount.point().equals("/"))
                .flatMap(mount -> Stream.of(mount.options().split(",")))
                .filter(option -> option.startsWith("upperdir="))
                .map(option -> option.substring("upperdir=".length()))
                .findFirst();
    }

    private record MountLine(String root, String point, String options) {}

    private List<MountLine> mounts() {
        List<MountLine> lines = new ArrayList<>();
        for (String line : mountInfo.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words.length > 6) {
                lines.add(new MountLine(unescaped(words[3]), unescaped(words[4]), words[words.length - 1]));
            }
        }
        return lines;
    }

    /** The kernel writes space, tab, newline and backslash as octal numbers. */
    private static String unescaped(String word) {
        return Pattern.compile("\\\\([0-7]{3})")
                .matcher(word)
                .replaceAll(match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 8))));
    }
}
