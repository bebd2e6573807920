/** Sockets: Unix channels, TLS, certificates, copying from one socket to another, polling. */
@NullMarked
package io.dockerworkflow.dood.gateway.socket;

import org.jspecify.annotations.NullMarked;
