package io.dockerworkflow.dood.gateway.buildkit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.buildkit.SessionImages;
import io.dockerworkflow.dood.gateway.buildkit.Settings;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlbDefinitionTest {
    private final SessionImages images = new SessionImages(Settings.SESSION);

    private static byte[] source(String identifier) {
        return new ProtoMessage().set(3, new ProtoMessage().add(1, identifier)).toBytes();
    }

    private static ProtoMessage definition(byte[]... ops) {
        ProtoMessage definition = new ProtoMessage();
        for (byte[] op : ops) {
            definition.add(1, op);
        }
        return definition;
    }

    private static ProtoMessage op(int kind, ProtoMessage content) {
        return definition(new ProtoMessage().set(kind, content).toBytes());
    }

    private static ProtoMessage exec() {
        return new ProtoMessage().set(1, new ProtoMessage().add(1, "true"));
    }

    private ProtoMessage toEngine(ProtoMessage definition, boolean isolated, boolean policies) {
        return new LlbDefinition(Settings.of(images, isolated, policies)).toEngine(definition);
    }

    private void assertRefused(ProtoMessage definition, boolean isolated, String words) {
        assertThatThrownBy(() -> toEngine(definition, isolated, true)).hasMessageContaining(words);
    }

    @Test
    void execWhenTheSessionHasACgroupRunsInItAndMayComeBackWithIt() {
        LlbDefinition llb = new LlbDefinition(Settings.of(images, false, true, Optional.of("/jobs/7")));
        ProtoMessage once = llb.toEngine(op(2, exec()));
        ProtoMessage meta = ProtoMessage.parse(once.all(1).get(0))
                .message(2)
                .orElseThrow()
                .message(1)
                .orElseThrow();
        assertThat(meta.string(1)).isEqualTo("true");
        assertThat(meta.string(10)).isEqualTo("/jobs/7");
        assertThat(llb.toEngine(once).all(1).get(0)).isEqualTo(once.all(1).get(0));
        ProtoMessage other = op(2, new ProtoMessage().set(1, new ProtoMessage().add(10, "/other")));
        assertThatThrownBy(() -> llb.toEngine(other)).hasMessageContaining("CGROUP_PARENTS");
    }

    @Test
    void sourceWhenTheHostsImageIsHiddenIsNotFound() {
        images.seeing("docker\\.io/library/busybox:.*");
        assertThat(toEngine(definition(source("docker-image://docker.io/library/busybox:latest")), false, true))
                .isNotNull();
        assertThatThrownBy(() ->
                        toEngine(definition(source("docker-image://docker.io/library/hidden:latest")), false, true))
                .hasMessageContaining("docker.io/library/hidden:latest: not found");
    }

    @Test
    void sourceWhenTheEngineCannotBeToldIsReplacedWithItsDependents() {
        images.references.put("docker.io/library/app:latest", "docker.io/dw-0a0b0c0d/app:latest");
        byte[] base = source("docker-image://docker.io/library/app:latest");
        byte[] step = new ProtoMessage()
                .set(1, new ProtoMessage().add(1, LlbDefinition.digest(base)))
                .set(2, exec())
                .toBytes();
        ProtoMessage metadata =
                new ProtoMessage().add(1, LlbDefinition.digest(step)).add(2, new byte[0]);
        ProtoMessage changed = toEngine(definition(base, step).add(2, metadata.toBytes()), false, false);

        byte[] newBase = changed.all(1).get(0);
        byte[] newStep = changed.all(1).get(1);
        assertThat(ProtoMessage.parse(newBase).message(3).orElseThrow().string(1))
                .isEqualTo("docker-image://docker.io/dw-0a0b0c0d/app:latest");
        assertThat(ProtoMessage.parse(newStep).messages(1).get(0).string(1)).isEqualTo(LlbDefinition.digest(newBase));
        assertThat(changed.messages(2).get(0).string(1)).isEqualTo(LlbDefinition.digest(newStep));
    }

    @Test
    void definitionWhenItNamesNothingOfTheSessionsStaysAsItIs() {
        ProtoMessage definition =
                definition(source("local://context"), source("docker-image://docker.io/library/busybox:latest"));
        byte[] before = definition.toBytes();
        assertThat(toEngine(definition, false, false).toBytes()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"blob://sha256:00", "docker-image+blob://x", "no scheme", "containerd://x"})
    void sourceWhenItsKindIsUnknownIsRefused(String identifier) {
        assertRefused(definition(source(identifier)), false, identifier);
    }

    @Test
    void sourceWhenItIsAnothersIsNotFound() {
        assertRefused(definition(source("docker-image://docker.io/dw-12345678/app:latest")), false, "not found");
    }

    @Test
    void operationWhenItAsksForARightIsRefused() {
        assertRefused(op(2, exec().addNumber(3, 1)), false, "HOST_NAMESPACES");
        assertRefused(op(2, exec().addNumber(4, 1)), false, "PRIVILEGED");
        assertRefused(op(2, exec().add(6, "device")), false, "DEVICE_REQUESTS");
        assertRefused(op(2, new ProtoMessage().set(1, new ProtoMessage().add(10, "/x"))), false, "CGROUP_PARENTS");
        assertRefused(op(5, new ProtoMessage()), false, "nested");
        assertRefused(op(13, new ProtoMessage()), false, "UNKNOWN_FIELDS");
    }

    @Test
    void operationWhenTheCacheIsIsolatedNeedsTheSessionsMarks() {
        ProtoMessage host = new ProtoMessage().add(1, "dw-0a0b0c0d.invalid").add(2, "127.0.0.1");
        ProtoMessage marked = new ProtoMessage().set(1, new ProtoMessage().set(6, host));
        ProtoMessage cache = new ProtoMessage().addNumber(6, 3).set(20, new ProtoMessage().add(1, "/everybodys"));
        assertRefused(op(2, exec()), true, "CacheScope.SHARED");
        assertThat(toEngine(op(2, marked), true, true).all(1)).hasSize(1);
        assertRefused(op(2, marked.set(2, cache)), true, "CacheScope.SHARED");
    }
}
