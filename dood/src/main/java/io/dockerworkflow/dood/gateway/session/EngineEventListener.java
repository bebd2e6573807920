package io.dockerworkflow.dood.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.engine.EngineClient;
import io.dockerworkflow.dood.gateway.engine.EngineFacts;
import io.dockerworkflow.dood.gateway.engine.EngineRequest;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.engine.EngineResponseListener;
import io.dockerworkflow.dood.gateway.engine.PooledConnection;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.stream.JsonLineTransform;
import io.dockerworkflow.internal.children.Labels;
import io.dockerworkflow.internal.children.SessionNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the engine for what of the session's goes away without a request of its clients: a container that removes itself,
 * or what a child with the engine's own socket removes. Begins with the session's first child, so that a session without any
 * costs nothing; lives on one event loop.
 */
public final class EngineEventListener {
    private static final Logger LOG = LoggerFactory.getLogger(EngineEventListener.class);
    private static final int FIRST_PAUSE_MILLIS = 250;
    private static final int LONGEST_PAUSE_MILLIS = 30_000;

    private final EngineClient engine;
    private final EngineFacts facts;
    private final SessionIndex index;
    private final RemovedChildren removedChildren;
    private final SessionNames names;
    private final EventLoop loop;
    private boolean begun;
    private boolean ended;
    private int pause = FIRST_PAUSE_MILLIS;
    private @Nullable PooledConnection link;

    public EngineEventListener(
            EngineClient engine,
            EngineFacts facts,
            SessionIndex index,
            RemovedChildren removedChildren,
            SessionNames names,
            EventLoop loop) {
        this.engine = engine;
        this.facts = facts;
        this.index = index;
        this.removedChildren = removedChildren;
        this.names = names;
        this.loop = loop;
    }

    /** Begins, unless it has. Does not wait for anything. */
    public void begin() {
        loop.execute(() -> {
            if (!begun && !ended) {
                begun = true;
                listen(false);
            }
        });
    }

    /** Ends it for good; what the session's teardown removes is told by the teardown. */
    public void end() {
        if (loop.isShuttingDown()) {
            return;
        }
        loop.submit(() -> {
                    ended = true;
                    PooledConnection open = link;
                    if (open != null) {
                        open.close();
                    }
                })
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private void listen(boolean again) {
        if (ended) {
            return;
        }
        // The engine answers before it listens, so it is asked for what it remembers too, its last 256 events:
        // everything here may be heard twice.
        Filters filters = new Filters()
                .add("type", "container")
                .add("type", "network")
                .add("type", "volume")
                .add("event", "destroy");
        Query query = new Query().set("since", "1").set("filters", filters.encode());
        engine.acquire(loop, false).whenComplete((connected, failure) -> {
            if (connected == null) {
                retry();
            } else if (ended) {
                connected.close();
            } else {
                link = connected;
                connected.send(EngineRequest.get("/v" + facts.newest() + "/events" + query), false, new Stream(again));
            }
        });
    }

    private void retry() {
        link = null;
        if (!ended) {
            LOG.debug("The engine's events have ended; asking again in {} ms", pause);
            loop.schedule(() -> listen(true), pause, TimeUnit.MILLISECONDS);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private final class Stream implements EngineResponseListener {
        private final JsonLineTransform lines = new JsonLineTransform(event -> {
            gone(event);
            return List.of();
        });
        private final boolean again;
        private boolean over;

        Stream(boolean again) {
            this.again = again;
        }

        @Override
        public void head(HttpResponse head) {
            if (head.status().code() == 200) {
                pause = FIRST_PAUSE_MILLIS;
                if (again) {
                    compare();
                }
            }
        }

        @Override
        public void content(HttpContent content) {
            try {
                lines.feed(ByteBufUtil.getBytes(content.content()), content instanceof LastHttpContent);
            } catch (RuntimeException e) {
                LOG.debug("An event of the engine cannot be read", e);
            } finally {
                content.release();
            }
            if (content instanceof LastHttpContent) {
                over();
            }
        }

        private void over() {
            if (!over) {
                over = true;
                retry();
            }
        }

        @Override
        public void raw(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void inputClosed() {
            over();
        }

        @Override
        public void failed(Throwable cause) {
            over();
        }

        @Override
        public void writabilityChanged() {
            // nothing is written
        }
    }

    private void gone(ObjectNode event) {
        JsonNode actor = event.path("Actor");
        JsonNode attributes = actor.path("Attributes");
        String id = ApiJson.text(actor, "ID");
        switch (ApiJson.text(event, "Type")) {
            case "container" -> {
                if (ApiJson.text(attributes, Labels.SESSION)
                        .equals(names.session().value())) {
                    removedChildren.container(id);
                }
            }
            case "network" -> removedChildren.network(id);
            case "volume" -> volumeGone(id);
            default -> {
                // not asked for
            }
        }
    }

    /** A volume's name may be in use anew by now. */
    private void volumeGone(String engineName) {
        if (index.volumes().byId(engineName).isPresent()) {
            ask("/volumes/" + PercentEncoding.encodePath(engineName), new Query(), response -> {
                if (response.status() == 404) {
                    removedChildren.volume(engineName);
                }
            });
        }
    }

    /** While nobody listened, more may have gone than the engine remembers; one that was restarted remembers nothing. */
    private void compare() {
        Set<String> known = new HashSet<>();
        index.containers().all().forEach(entry -> known.add(entry.id()));
        Filters mine = new Filters().add("label", names.label());
        ask("/containers/json", new Query().set("all", "1").set("filters", mine.encode()), response -> {
            if (response.ok()) {
                response.json().forEach(container -> known.remove(ApiJson.text(container, "Id")));
                known.forEach(removedChildren::container);
            }
        });
    }

    private void ask(String path, Query query, Consumer<EngineResponse> use) {
        EngineRequest request = EngineRequest.of(HttpMethod.GET, "/v" + facts.newest() + path + query);
        engine.send(loop, request).whenComplete((response, failure) -> {
            if (response != null && !ended) {
                use.accept(response);
            }
        });
    }
}
