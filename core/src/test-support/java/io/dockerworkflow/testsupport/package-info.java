@NullMarked
package io.dockerworkflow.testsupport;

import org.jspecify.annotations.NullMarked;
