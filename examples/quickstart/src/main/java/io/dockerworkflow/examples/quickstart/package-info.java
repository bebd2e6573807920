/** The main job: one build step, three modes, nothing left behind. */
@NullMarked
package io.dockerworkflow.examples.quickstart;

import org.jspecify.annotations.NullMarked;
