package io.dockerworkflow.dood.gateway.buildkit;

import io.dockerworkflow.dood.gateway.buildkit.translate.BuildPolicy;
import io.dockerworkflow.dood.gateway.buildkit.translate.BuildSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Settings and recorded messages for tests. */
public final class Settings {
    public static final String SESSION = "0a0b0c0d";

    private Settings() {}

    public static BuildSettings of(SessionImages images) {
        return of(images, false, true);
    }

    public static BuildSettings of(SessionImages images, boolean isolated, boolean policies) {
        return of(images, isolated, policies, Optional.empty());
    }

    public static BuildSettings of(
            SessionImages images, boolean isolated, boolean policies, Optional<String> cgroupParent) {
        BuildPolicy nothing = (rule, field, value) -> Optional.of(field + " " + value + " (" + rule + ")");
        return new BuildSettings(
                SESSION,
                Map.of("io.dockerworkflow.session", SESSION),
                "io.dockerworkflow.",
                images,
                nothing,
                cgroupParent,
                isolated,
                policies,
                policies,
                () -> false);
    }

    /** What went over the wire between buildx 0.29.1 and engine 28.5.2, without gRPC's frame. */
    public static byte[] recorded(String name) {
        try (InputStream in = Objects.requireNonNull(Settings.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
