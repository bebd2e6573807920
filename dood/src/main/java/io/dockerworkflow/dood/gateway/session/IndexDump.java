package io.dockerworkflow.dood.gateway.session;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The session's index as text. */
public final class IndexDump {
    private final StringBuilder out = new StringBuilder();

    private IndexDump() {}

    public static String text(SessionIndex index, ImageNames images) {
        IndexDump dump = new IndexDump();
        dump.objects("containers", index.containers());
        dump.objects("networks", index.networks());
        dump.objects("volumes", index.volumes());
        dump.images(images);
        dump.execs(index);
        return dump.out.toString();
    }

    private void objects(String kind, NamedObjects objects) {
        List<NamedObjects.Entry> all = objects.all();
        title(kind, all.size(), ", and " + objects.gone() + " gone");
        all.stream()
                .sorted(Comparator.comparing(NamedObjects.Entry::logicalName))
                .forEach(entry -> line(entry.logicalName(), entry.engineName(), entry.id(), objects.since(entry.id())));
    }

    private void images(ImageNames images) {
        Map<String, String> all = images.all();
        title("images", all.size(), "");
        all.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(tag -> line(tag.getKey(), tag.getValue(), "", images.since(tag.getValue())));
    }

    private void execs(SessionIndex index) {
        Map<String, SessionIndex.Exec> all = index.execs();
        title("execs", all.size(), "");
        all.entrySet().stream()
                .sorted(Comparator.comparing(exec -> exec.getValue().since()))
                .forEach(exec -> {
                    String container = exec.getValue().containerId();
                    String name = index.containers()
                            .byId(container)
                            .map(NamedObjects.Entry::logicalName)
                            .orElse(container);
                    line(
                            "in " + name,
                            "",
                            exec.getKey(),
                            Optional.of(exec.getValue().since()));
                });
    }

    private void title(String kind, int count, String more) {
        out.append(kind).append(": ").append(count).append(more).append('\n');
    }

    private void line(String logical, String engine, String id, Optional<Instant> since) {
        out.append("  ").append(logical);
        if (!engine.isEmpty()) {
            out.append(" = ").append(engine);
        }
        if (!id.isEmpty() && !id.equals(engine)) {
            out.append(", id ").append(id);
        }
        since.ifPresent(time -> out.append(", since ").append(time));
        out.append('\n');
    }
}
