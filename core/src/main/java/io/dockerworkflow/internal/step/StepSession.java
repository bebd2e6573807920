package io.dockerworkflow.internal.step;

import io.dockerworkflow.internal.children.SessionEvents;
import io.dockerworkflow.internal.tracker.ResourceTracker;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all steps of a session share.
 *
 * @param events where they tell what happens
 * @param tracker knows their containers, unless an endpoint does
 * @param workspace the workspace of steps that name none
 * @param steps the number of steps so far
 */
record StepSession(SessionEvents events, ResourceTracker tracker, Optional<Path> workspace, AtomicInteger steps) {}
