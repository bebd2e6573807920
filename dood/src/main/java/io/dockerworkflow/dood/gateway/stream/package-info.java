/** Changes to streams of bytes: gunzip, tar, lines of JSON, chunks. */
@NullMarked
package io.dockerworkflow.dood.gateway.stream;

import org.jspecify.annotations.NullMarked;
