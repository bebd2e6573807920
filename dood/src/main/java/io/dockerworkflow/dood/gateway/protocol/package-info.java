/** The Docker API's notation: versions, queries, filters, percent-encoding, request targets, names, errors, JSON. */
@NullMarked
package io.dockerworkflow.dood.gateway.protocol;

import org.jspecify.annotations.NullMarked;
