/** JSON as this library reads and writes it: with Jackson's streams only. */
@NullMarked
package io.dockerworkflow.internal.json;

import org.jspecify.annotations.NullMarked;
