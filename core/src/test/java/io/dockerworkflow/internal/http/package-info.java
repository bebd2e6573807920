@NullMarked
package io.dockerworkflow.internal.http;

import org.jspecify.annotations.NullMarked;
