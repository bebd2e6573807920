package io.dockerworkflow;

import io.dockerworkflow.internal.session.WorkflowProvider;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds modes by name, for programs that let their user choose. Safe for use by several threads. */
public final class DockerWorkflows {
    private DockerWorkflows() {}

    /**
     * Returns the workflow of that mode, with its default settings. Finds it with the class loader of this library.
     *
     * @param mode a {@link Mode#id()}
     * @throws UnknownModeException if no mode of that name is on the class path
     */
    public static DockerWorkflow named(String mode) {
        return named(mode, DockerWorkflows.class.getClassLoader());
    }

    /**
     * Returns the workflow of that mode, with its default settings.
     *
     * @param mode a {@link Mode#id()}
     * @param loader the class loader that finds modes; in a plugin host, the plugin's own
     * @throws UnknownModeException if the class loader finds no mode of that name
     */
    public static DockerWorkflow named(String mode, ClassLoader loader) {
        List<WorkflowProvider> providers = ServiceLoader.load(WorkflowProvider.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return providers.stream()
                .filter(provider -> provider.mode().id().equals(mode))
                .findFirst()
                .orElseThrow(() -> unknown(mode, providers))
                .create();
    }

    private static UnknownModeException unknown(String mode, List<WorkflowProvider> providers) {
        String known = providers.stream()
                .map(provider -> provider.mode().id())
                .sorted()
                .collect(Collectors.joining(", "));
        String remedy = Mode.of(mode).isPresent()
                ? "Add docker-workflow-" + mode + " to the class path"
                : "Use one of: " + (known.isEmpty() ? "(no mode is on the class path)" : known);
        return new UnknownModeException("find a mode", "\"" + mode + "\"", Optional.empty(), remedy, null);
    }
}
