package io.dockerworkflow.internal.step;

import io.dockerworkflow.Endpoint;
import io.dockerworkflow.internal.engine.EngineConnection;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where and how a mode runs its steps' containers.
 *
 * @param engine where the containers are made; not closed by the steps
 * @param image the image of every step, in place of the step's own; empty if steps bring theirs
 * @param engineName what to call a container that would be called by the argument
 * @param labels the labels that a step's container gets; empty where the endpoint adds them, and reports creations and removals
 * @param binds what is mounted beside the workspace, as {@code source:target[:ro]}
 * @param environment variables that every step gets; the step's own win
 * @param network the network mode; empty for the engine's default
 * @param programs scripts to put into the container, over what the image has there: by absolute path, their text
 * @param certificates files to put into {@link #CERTIFICATES}, which only the step's user can read: by name, their text
 */
public record StepPlacement(
        EngineConnection engine,
        Optional<String> image,
        UnaryOperator<String> engineName,
        Map<String, String> labels,
        List<String> binds,
        Map<String, String> environment,
        Optional<String> network,
        Map<String, String> programs,
        Map<String, String> certificates) {

    /** Where a step finds the certificates of its Docker. */
    public static final Path CERTIFICATES = Path.of("/run/docker-workflow");

    StepPlacement withBinds(List<String> others) {
        return new StepPlacement(
                engine, image, engineName, labels, others, environment, network, programs, certificates);
    }

    /**
     * This placement with a Docker that steps reach over a network, in place of one that is mounted.
     *
     * @param reached what steps connect to; its certificates are in {@link #CERTIFICATES}
     * @param inNetwork the network mode
     * @param files those certificates: by name, their text
     */
    public StepPlacement reaching(Endpoint reached, String inNetwork, Map<String, String> files) {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.putAll(reached.environment());
        return new StepPlacement(
                engine, image, engineName, labels, List.of(), variables, Optional.of(inNetwork), programs, files);
    }

    /** Whether the endpoint itself labels and tracks the containers, and knows this process's paths, as a gateway does. */
    boolean isGateway() {
        return labels.isEmpty();
    }

    /** Without the certificates, one of which is a key, and the variables. */
    @Override
    public String toString() {
        return "StepPlace " + engine.endpoint().dockerHost();
    }

    /** Copies the collections. */
    public StepPlacement {
        labels = Map.copyOf(labels);
        binds = List.copyOf(binds);
        environment = Map.copyOf(environment);
        programs = Map.copyOf(programs);
        certificates = Map.copyOf(certificates);
    }

    /**
     * A placement that puts neither programs nor certificates into the container.
     *
     * @param engine where the containers are made
     * @param image the image of every step, in place of the step's own; empty if steps bring theirs
     * @param engineName what to call a container that would be called by the argument
     * @param labels the labels that a step's container gets
     * @param binds what is mounted beside the workspace
     * @param environment variables that every step gets
     * @param network the network mode; empty for the engine's default
     */
    public StepPlacement(
            EngineConnection engine,
            Optional<String> image,
            UnaryOperator<String> engineName,
            Map<String, String> labels,
            List<String> binds,
            Map<String, String> environment,
            Optional<String> network) {
        this(engine, image, engineName, labels, binds, environment, network, Map.of(), Map.of());
    }
}
