package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.spi.SessionNames;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.file.Path;

/**
 * What the handlers of one gateway share.
 *
 * @param engine the engine
 * @param facts what the engine said of itself
 * @param names the session's names and labels
 * @param index what the session has
 * @param images the session's image tags
 * @param births where children are announced
 * @param errors puts the client's words into messages
 * @param gate asks the policy about what clients want to make
 * @param isolatedCache whether builds see no cache from outside the session
 * @param limitsContainers whether the policy wants to know how many containers there are
 * @param pending what clients wait for that the session can end
 * @param socket the gateway's own socket
 */
record GatewayContext(
        EngineClient engine,
        EngineFacts facts,
        SessionNames names,
        SessionIndex index,
        ImageNames images,
        Births births,
        ErrorText errors,
        PolicyGate gate,
        boolean isolatedCache,
        boolean limitsContainers,
        PendingWork pending,
        Path socket) {

    private static final String[] HOP_BY_HOP = {"connection", "keep-alive", "upgrade", "proxy-connection"};

    /** The headers that every answer of the daemon has. */
    HttpHeaders standardHeaders() {
        return new DefaultHttpHeaders()
                .set("Api-Version", facts.newest().toString())
                .set("Docker-Experimental", "false")
                .set("Ostype", facts.osType())
                .set(HttpHeaderNames.SERVER, facts.server());
    }

    /** The engine's headers as the client gets them. */
    HttpHeaders endToEnd(HttpHeaders headers) {
        HttpHeaders out = EngineLink.HEADERS.newHeaders().set(headers);
        for (String name : HOP_BY_HOP) {
            out.remove(name);
        }

        if (out.contains("Api-Version")) {
            out.set("Api-Version", facts.newest().toString());
        }
        return out;
    }

    /** A request target for the log: without its query, which may hold credentials. */
    String loggable(String uri) {
        int mark = uri.indexOf('?');
        return mark < 0 ? uri : uri.substring(0, mark);
    }
}
