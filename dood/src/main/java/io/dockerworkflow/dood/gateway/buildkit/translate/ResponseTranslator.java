package io.dockerworkflow.dood.gateway.buildkit.translate;

import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Translates what the builder answers: the engine's references become the session's names. */
public final class ResponseTranslator {
    private final BuildSettings settings;

    public ResponseTranslator(BuildSettings settings) {
        this.settings = settings;
    }

    /** Of {@code Control/Solve}: a map of what the exporters say. */
    byte[] solve(byte[] bytes) {
        ProtoMessage answer = ProtoMessage.parse(bytes);
        mapValues(answer, 1);
        return answer.toBytes();
    }

    /** Of {@code Control/Status}: the steps and what they do; what they print stays as it is. */
    public byte[] status(byte[] bytes) {
        ProtoMessage answer = ProtoMessage.parse(bytes);
        each(answer, 1, vertex -> {
            text(vertex, 3);
            text(vertex, 7);
            vertex.message(8).ifPresent(group -> {
                text(group, 2);
                vertex.set(8, group);
            });
        });
        each(answer, 2, status -> {
            text(status, 1);
            text(status, 3);
        });
        each(answer, 4, warning -> {
            text(warning, 3);
            text(warning, 4);
        });
        return answer.toBytes();
    }

    /** Of {@code Control/ListenBuildHistory}: nothing, if the build is another's. */
    List<byte[]> history(byte[] bytes) {
        ProtoMessage event = ProtoMessage.parse(bytes);
        ProtoMessage history = event.message(2).orElseGet(ProtoMessage::new);
        String ref = history.string(1);
        if (!ref.startsWith(settings.refPrefix())) {
            return List.of();
        }
        history.set(1, ref.substring(settings.refPrefix().length()));
        history.setMap(3, shown(history.stringMap(3)));
        each(history, 4, exporter -> mapValues(exporter, 2));
        mapValues(history, 9);
        return List.of(event.set(2, history).toBytes());
    }

    private Map<String, String> shown(Map<String, String> attributes) {
        Map<String, String> shown = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            boolean ours = name.startsWith("label:")
                    && (name.startsWith(settings.hiddenLabels(), "label:".length())
                            || settings.labels().containsKey(name.substring("label:".length())));
            if (!ours) {
                shown.put(name, BuildReferences.toLogical(value, settings.images()));
            }
        });
        return shown;
    }

    /** Of {@code LLBBridge/ResolveImageConfig}. */
    byte[] imageConfig(byte[] bytes) {
        ProtoMessage answer = ProtoMessage.parse(bytes);
        text(answer, 3);
        return answer.toBytes();
    }

    /** Of {@code LLBBridge/ResolveSourceMeta}. */
    byte[] sourceMeta(byte[] bytes) {
        ProtoMessage answer = ProtoMessage.parse(bytes);
        each(answer, 1, source -> text(source, 1));
        return answer.toBytes();
    }

    String words(String text) {
        return BuildReferences.toLogical(text, settings.images());
    }

    private void mapValues(ProtoMessage message, int field) {
        Map<String, String> map = message.stringMap(field);
        // An image's configuration is bytes that a digest is made of.
        map.replaceAll((name, value) -> name.startsWith("containerimage.") ? value : words(value));
        message.setMap(field, map);
    }

    private void text(ProtoMessage message, int field) {
        UnaryOperator<byte[]> change =
                value -> words(new String(value, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        message.set(field, message.all(field).stream().map(change).toList());
    }

    private static void each(ProtoMessage message, int field, Consumer<ProtoMessage> change) {
        message.set(
                field,
                message.messages(field).stream()
                        .map(each -> {
                            change.accept(each);
                            return each.toBytes();
                        })
                        .toList());
    }
}
