package io.dockerworkflow.dood.gateway.buildkit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dockerworkflow.dood.gateway.buildkit.SessionImages;
import io.dockerworkflow.dood.gateway.buildkit.Settings;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcRefusal;
import io.dockerworkflow.dood.gateway.buildkit.wire.GrpcStatus;
import io.dockerworkflow.dood.gateway.buildkit.wire.ProtoMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SolveTranslatorTest {
    private static final String TAGS = "dw-0a0b0c0d/bkrec:1,dw-0a0b0c0d/bkrec:2";

    private final SessionImages images = new SessionImages(Settings.SESSION);
    private final BuildArguments arguments = new BuildArguments();

    private SolveTranslator translator(boolean isolated, boolean policies) {
        return new SolveTranslator(Settings.of(images, isolated, policies), arguments);
    }

    private ProtoMessage solve(ProtoMessage request) {
        return ProtoMessage.parse(
                translator(false, true).solve(request.toBytes()).request());
    }

    private static ProtoMessage recordedSolve() {
        return ProtoMessage.parse(Settings.recorded("solve-buildx-0.29.bin"));
    }

    private Map<String, String> bridgeSolve(boolean isolated, Map<String, String> attributes) {
        byte[] request =
                new ProtoMessage().add(2, "dockerfile.v0").setMap(3, attributes).toBytes();
        return ProtoMessage.parse(translator(isolated, true).bridgeSolve(request))
                .stringMap(3);
    }

    @Test
    void solveWhenRecordedGetsTheSessionsNames() {
        SolveTranslator.Translated translated =
                translator(false, true).solve(Settings.recorded("solve-buildx-0.29.bin"));
        ProtoMessage request = ProtoMessage.parse(translated.request());
        assertThat(request.stringMap(4)).containsExactly(Map.entry("name", TAGS));
        assertThat(request.messages(13)).singleElement().satisfies(exporter -> {
            assertThat(exporter.string(1)).isEqualTo("moby");
            assertThat(exporter.stringMap(2)).containsExactly(Map.entry("name", TAGS));
        });
        assertThat(request.string(1)).isEqualTo("dw-0a0b0c0d-" + recordedSolve().string(1));
        assertThat(translated.names()).containsExactly("docker.io/library/bkrec:1", "docker.io/library/bkrec:2");
        assertThat(request.stringMap(7)).isEqualTo(recordedSolve().stringMap(7));
    }

    @Test
    void solveWhenRecordedTellsTheArgumentsOfItsSession() {
        translator(false, true).solve(Settings.recorded("solve-buildx-0.29.bin"));
        assertThat(arguments.of(recordedSolve().string(5))).containsExactly(Map.entry("X", "2"));
    }

    @Test
    void solveWhenTheEngineKnowsPoliciesGetsRulesForTheSessionsImages() {
        images.references.put("docker.io/library/app:latest", "docker.io/dw-0a0b0c0d/app:latest");
        ProtoMessage policy = solve(recordedSolve()).message(12).orElseThrow();
        assertThat(policy.messages(2)).hasSize(4);
        ProtoMessage convert = policy.messages(2).get(1);
        assertThat(convert.message(2).orElseThrow().string(1)).isEqualTo("docker-image://docker.io/library/app:latest");
        assertThat(convert.message(3).orElseThrow().string(1))
                .isEqualTo("docker-image://docker.io/dw-0a0b0c0d/app:latest");
    }

    @Test
    void solveWhenHostImagesAreHiddenFirstDeniesAllButTheSeen() {
        images.references.put("docker.io/library/app:latest", "docker.io/dw-0a0b0c0d/app:latest");
        images.seeing("docker\\.io/library/busybox:.*");
        List<ProtoMessage> rules =
                solve(recordedSolve()).message(12).orElseThrow().messages(2);
        assertThat(rules).hasSize(6);
        assertThat(rules.get(0).number(1)).as("deny").isEqualTo(1);
        assertThat(rules.get(0).message(2).orElseThrow().string(1)).isEqualTo("^docker-image://");
        assertThat(rules.get(1).number(1)).as("allow").isZero();
        assertThat(rules.get(1).message(2).orElseThrow().string(1))
                .isEqualTo("^docker-image://docker\\.io/library/busybox:.*$");
        assertThat(rules.get(4).number(1)).as("allow").isZero();
        assertThat(rules.get(4).message(2).orElseThrow().string(1))
                .isEqualTo("docker-image://docker.io/dw-0a0b0c0d/app:latest");
        assertThat(rules.get(5).number(1)).as("allow").isZero();
        assertThat(rules.get(5).message(2).orElseThrow().string(1))
                .isEqualTo("docker-image://docker.io/dw-0a0b0c0d/app:latest@*");
    }

    @Test
    void bridgeSolveWhenImagesAreHiddenFindsNeitherThemNorTheirCache() {
        images.references.put("docker.io/library/app:latest", "docker.io/dw-0a0b0c0d/app:latest");
        images.seeing("docker\\.io/library/busybox:.*");
        assertThat(bridgeSolve(
                        false,
                        Map.of(
                                "context:base", "docker-image://busybox",
                                "cache-from", "app,hidden,busybox:1",
                                "cache-imports",
                                        "[{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"hidden\"}},"
                                                + "{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"busybox\"}}]")))
                .containsEntry("context:base", "docker-image://busybox")
                .containsEntry("cache-from", "docker.io/dw-0a0b0c0d/app:latest,busybox:1")
                .containsEntry("cache-imports", "[{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"busybox\"}}]");
        for (String attribute : List.of("context:base", "build-arg:BUILDKIT_SYNTAX")) {
            String value = attribute.equals("context:base") ? "docker-image://hidden" : "hidden";
            assertThatThrownBy(() -> bridgeSolve(false, Map.of(attribute, value)))
                    .hasMessageContaining("hidden: not found");
        }
    }

    @Test
    void bridgeSolveWhenTheSessionHasACgroupRunsInIt() {
        SolveTranslator translator =
                new SolveTranslator(Settings.of(images, false, true, Optional.of("/jobs/7")), arguments);
        byte[] request = new ProtoMessage()
                .add(2, "dockerfile.v0")
                .setMap(3, Map.of("target", "x"))
                .toBytes();
        assertThat(ProtoMessage.parse(translator.bridgeSolve(request)).stringMap(3))
                .containsEntry("cgroup-parent", "/jobs/7");
    }

    @Test
    void solveWhenTheEngineKnowsNoPoliciesGetsNone() {
        byte[] request =
                translator(false, false).solve(recordedSolve().toBytes()).request();
        assertThat(ProtoMessage.parse(request).has(12)).isFalse();
    }

    @Test
    void bridgeSolveWhenRecordedGetsTheSessionsLabels() {
        ProtoMessage request = ProtoMessage.parse(
                translator(false, true).bridgeSolve(Settings.recorded("bridge-solve-buildx-0.29.bin")));
        assertThat(request.stringMap(3))
                .containsEntry("label:l", "1")
                .containsEntry("label:io.dockerworkflow.session", Settings.SESSION)
                .containsEntry("build-arg:X", "2")
                .doesNotContainKey("no-cache");
    }

    @Test
    void bridgeSolveWhenIsolatedIgnoresCachesAndDiffersFromOthers() {
        Map<String, String> given = Map.of(
                "add-hosts",
                "a=1.2.3.4",
                "cache-from",
                "x",
                "cache-imports",
                "[]",
                "build-arg:BUILDKIT_CACHE_MOUNT_NS",
                "n");
        assertThat(bridgeSolve(true, given))
                .containsEntry("no-cache", "")
                .containsEntry("add-hosts", "a=1.2.3.4,dw-0a0b0c0d.invalid=127.0.0.1")
                .containsEntry("build-arg:BUILDKIT_CACHE_MOUNT_NS", "dw-0a0b0c0d/n")
                .doesNotContainKeys("cache-from", "cache-imports");
    }

    @Test
    void bridgeSolveWhenItReadsTheSessionsImagesNamesTheEngines() {
        String engine = "docker.io/dw-0a0b0c0d/app:latest";
        images.references.put("docker.io/library/app:latest", engine);
        Map<String, String> given = Map.of(
                "context:base", "docker-image://app",
                "build-arg:BUILDKIT_SYNTAX", "app",
                "cache-from", "app,other",
                "cache-imports", "[{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"app\"}}]");
        assertThat(bridgeSolve(false, given))
                .containsEntry("context:base", "docker-image://" + engine)
                .containsEntry("build-arg:BUILDKIT_SYNTAX", engine)
                .containsEntry("cache-from", engine + ",other")
                .containsEntry("cache-imports", "[{\"Type\":\"registry\",\"Attrs\":{\"ref\":\"" + engine + "\"}}]");
    }

    @ParameterizedTest
    @CsvSource({
        "force-network-mode, host, HOST_NAMESPACES",
        "cgroup-parent, /x, CGROUP_PARENTS",
        "label:io.dockerworkflow.session, 00000000, RESERVED_LABELS",
        "never-heard-of, 1, UNKNOWN_FIELDS"
    })
    void bridgeSolveWhenThePolicyForbidsIsRefused(String attribute, String value, String rule) {
        assertThatThrownBy(() -> bridgeSolve(false, Map.of(attribute, value)))
                .isInstanceOfSatisfying(
                        GrpcRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(GrpcStatus.PERMISSION_DENIED))
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"context:x", "cache-from", "build-arg:BUILDKIT_SYNTAX"})
    void bridgeSolveWhenItNamesAnothersImageDoesNotFindIt(String attribute) {
        String value = (attribute.startsWith("context") ? "docker-image://" : "") + "dw-12345678/app";
        assertThatThrownBy(() -> bridgeSolve(false, Map.of(attribute, value))).hasMessageContaining("not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.host", "security.insecure", "device=x", "unheard.of"})
    void solveWhenItAsksForARightIsRefused(String entitlement) {
        assertThatThrownBy(() -> solve(recordedSolve().add(9, entitlement)))
                .hasMessageContaining("the entitlement " + entitlement);
    }

    @Test
    void solveWhenItHasAnUnknownFieldIsRefused() {
        assertThatThrownBy(() -> solve(recordedSolve().addNumber(15, 1))).hasMessageContaining("field 15");
    }

    @Test
    void solveWhenItsSessionWouldNameExportersIsRefused() {
        assertThatThrownBy(() -> solve(recordedSolve().addNumber(14, 1))).hasMessageContaining("EnableSessionExporter");
    }

    @ParameterizedTest
    @CsvSource({"image, push, true", "moby, push-by-digest, true", "moby, dangling-name-prefix, x"})
    void solveWhenAnExportWouldPassTheSessionByIsRefused(String type, String name, String value) {
        ProtoMessage exporter = new ProtoMessage().add(1, type).setMap(2, Map.of(name, value));
        assertThatThrownBy(() -> solve(new ProtoMessage().add(13, exporter.toBytes())))
                .hasMessageContaining(name);
    }

    /** The client does that when the image is there, through the session. */
    @Test
    void solveWhenItIsToPushToTheRegistryLeavesThePushToTheClient() {
        ProtoMessage exporter =
                new ProtoMessage().add(1, "moby").setMap(2, Map.of("name", "r:5000/app", "push", "true"));
        ProtoMessage request = solve(new ProtoMessage().add(13, exporter.toBytes()));
        assertThat(request.messages(13).get(0).stringMap(2))
                .containsEntry("push", "false")
                .hasEntrySatisfying("name", name -> assertThat(name).contains(Settings.SESSION));
    }

    /** As buildx sends it: the first of several exporters a second time, for engines that know only one. */
    @Test
    void solveWhenTheEnginePushesHasItPushTheClientsNameLast() {
        Map<String, String> given = Map.of("name", "reg.example/app:1", "push", "true", "annotation.a", "b");
        byte[] tar = exporter("tar", Map.of());
        ProtoMessage request = solvePushing(
                true,
                new ProtoMessage()
                        .add(3, "moby")
                        .setMap(4, given)
                        .add(13, exporter("moby", given))
                        .add(13, tar));
        assertPushes(request.messages(13), given, tar);
        assertThat(request.stringMap(4)).containsEntry("push", "false");
    }

    @Test
    void solveWhenAnOlderClientsExporterPushesPushesTheClientsName() {
        Map<String, String> given = Map.of("name", "reg.example/app:1", "push", "true");
        ProtoMessage request =
                solvePushing(true, new ProtoMessage().add(3, "moby").setMap(4, given));
        assertPushes(request.messages(13), given);
    }

    @Test
    void solveWhenAnEngineOfOneExporterWouldPushIsRefusedWithARemedy() {
        Map<String, String> given = Map.of("name", "app", "push", "true");
        assertThatThrownBy(() -> solvePushing(false, new ProtoMessage().add(13, exporter("moby", given))))
                .hasMessageContaining("build first, then use docker push");
    }

    /** The session's image first, which is not pushed; then these; then the push, of which the engine keeps nothing. */
    private static void assertPushes(List<ProtoMessage> exporters, Map<String, String> given, byte[]... between) {
        assertThat(exporters).hasSize(2 + between.length);
        assertThat(exporters.get(0).stringMap(2))
                .containsEntry("push", "false")
                .doesNotContainKey("store")
                .hasEntrySatisfying("name", name -> assertThat(name).contains(Settings.SESSION));
        for (int i = 0; i < between.length; i++) {
            assertThat(exporters.get(1 + i).toBytes()).isEqualTo(between[i]);
        }
        ProtoMessage push = exporters.get(1 + between.length);
        assertThat(push.string(1)).isEqualTo("moby");
        assertThat(push.stringMap(2)).containsAllEntriesOf(given).containsEntry("store", "false");
    }

    private static byte[] exporter(String type, Map<String, String> attributes) {
        return new ProtoMessage().add(1, type).setMap(2, attributes).toBytes();
    }

    /** On an engine that pushes by itself. */
    private ProtoMessage solvePushing(boolean severalExporters, ProtoMessage request) {
        BuildSettings settings = Settings.of(images);
        BuildSettings pushing = new BuildSettings(
                settings.session(),
                settings.labels(),
                settings.hiddenLabels(),
                settings.images(),
                settings.policy(),
                settings.cgroupParent(),
                settings.isolatedCache(),
                settings.sourcePolicies(),
                severalExporters,
                () -> true);
        return ProtoMessage.parse(new SolveTranslator(pushing, new BuildArguments())
                .solve(request.toBytes())
                .request());
    }

    @Test
    void solveWhenItExportsToTheClientLeavesNames() {
        ProtoMessage exporter = new ProtoMessage().add(1, "docker").setMap(2, Map.of("name", "app"));
        ProtoMessage request = solve(new ProtoMessage().add(13, exporter.toBytes()));
        assertThat(request.messages(13).get(0).stringMap(2)).containsExactly(Map.entry("name", "app"));
    }

    /** Protobuf merges a single message that comes twice; a check of one half only could be passed by. */
    @Test
    void solveWhenAMessageComesInPartsIsCheckedWhole() {
        ProtoMessage harmless = new ProtoMessage().add(1, new byte[0]);
        ProtoMessage insecure = new ProtoMessage()
                .add(
                        1,
                        new ProtoMessage()
                                .set(2, new ProtoMessage().addNumber(4, 1))
                                .toBytes());
        ProtoMessage request = new ProtoMessage().add(2, insecure.toBytes()).add(2, harmless.toBytes());
        assertThatThrownBy(() -> solve(request)).hasMessageContaining("security mode");
    }
}
