package io.dockerworkflow.dood.gateway.http;

/** Has each request answered: by the handler of its route, or as that says by the engine. */
final class RequestDispatcher {
    private final RouteTable routes;

    RequestDispatcher(RouteTable routes) {
        this.routes = routes;
    }

    void dispatch(Exchange exchange) {
        try {
            routes.handle(exchange.request(), exchange.client().eventLoop(), exchange.body())
                    .whenComplete((reply, failure) -> {
                        if (reply != null) {
                            perform(exchange, reply);
                        } else {
                            exchange.fail(failure);
                        }
                    });
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private static void perform(Exchange exchange, ClientResponse response) {
        if (!exchange.isWaiting()) {
            exchange.body().discard();
            if (response instanceof ClientResponse.Forward forward) {
                // What was announced for it is settled all the same.
                new Relay(exchange, forward).cancel();
            }
            return;
        }
        if (response instanceof ClientResponse.Full clientResponse) {
            exchange.respond(clientResponse);
        } else if (response instanceof ClientResponse.Forward forward) {
            Relay relay = new Relay(exchange, forward);
            exchange.listen(relay);
            if (exchange.connection().isInputClosed()) {
                relay.clientInputClosed();
            }
            relay.start();
        }
    }
}
