package io.dockerworkflow.dood.gateway.build;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.ClientResponse;
import io.dockerworkflow.dood.gateway.image.ImageApi;
import io.dockerworkflow.dood.gateway.image.ImageTags;
import io.dockerworkflow.dood.gateway.image.ImageTags.Pending;
import io.dockerworkflow.dood.gateway.image.PulledImages;
import io.dockerworkflow.dood.gateway.protocol.ApiJson;
import io.dockerworkflow.dood.gateway.protocol.Filters;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.dood.gateway.stream.ByteTransform;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A build by the classic builder. What it makes gets a tag of the gateway's instead of the session's labels: each label is a step
 * of this builder, and took 65 ms (engine 20.10). One use.
 */
final class ClassicBuild {
    /** From here on, the output has the id of the image; before, that was said to those only who asked for nothing else. */
    private static final ApiVersion RESULT_IN_OUTPUT = new ApiVersion(1, 30);

    private final GatewayContext gateway;
    private final ImageTags tags;
    private final PulledImages pulled;
    private final BuildPulls pulls;
    private final ClientRequest request;
    private final Query query;

    /**
     * A build that has not begun.
     *
     * @param pulls what it is to pull even if it is there
     * @param query what to ask of the engine, in its words
     */
    ClassicBuild(
            GatewayContext gateway,
            ImageTags tags,
            PulledImages pulled,
            BuildPulls pulls,
            ClientRequest request,
            Query query) {
        this.gateway = gateway;
        this.tags = tags;
        this.pulled = pulled;
        this.pulls = pulls;
        this.request = request;
        this.query = query;
    }

    /**
     * The build.
     *
     * @param context changes what the client sends
     * @param pending the names that the result is to have
     */
    CompletionStage<ClientResponse> reply(ByteTransform context, List<Pending> pending) {
        return ImageApi.all(request)
                .thenCompose(before -> cache(before)
                        .thenCombine(
                                gateway.store().isContainerds(request),
                                (any, everyStepStays) -> relayed(
                                        before,
                                        context,
                                        pending,
                                        new BuildLeases(gateway, request, before.ids(), everyStepStays))));
    }

    private ClientResponse relayed(
            ImageApi.Listing before, ByteTransform context, List<Pending> pending, BuildLeases leases) {
        // What the builder pulls is in its output, so the engine must give all of it.
        boolean quiet = query.flag("q");
        query.remove("q");
        query.add("t", leases.result());
        BuildOutput output = new BuildOutput(
                gateway.messages(),
                gateway.ownTags()::isLease,
                gateway.names().extraLabels().keySet(),
                quiet,
                reference -> {
                    pulled.announce(reference, before.names());
                    pulls.heard(reference);
                });
        return request.forward(quiet ? request.atLeast(RESULT_IN_OUTPUT) : request.version(), "/build", query)
                .through(context)
                .with(new ClientResponse.Filter.Lines(
                        line -> {
                            leases.hear(line);
                            return output.filter(line).stream()
                                    .map(pulls::asWritten)
                                    .toList();
                        },
                        () -> tags.settle(request, pending)
                                .thenCompose(any -> leases.settle())
                                .thenCompose(any -> pulls.takeAll(output.pulled(), before.names()))));
    }

    /** This builder takes from the cache only what the images lead to that are named as its sources: those that the session made. */
    private CompletionStage<?> cache(ImageApi.Listing before) {
        if (!gateway.settings().isolatedCache()) {
            return CompletableFuture.completedFuture(before);
        }
        Filters labelled = new Filters().add("label", gateway.label());
        return request.ask(HttpMethod.GET, "/images/json", new Query().set("filters", labelled.encode()))
                .thenAccept(response -> {
                    Set<String> mine = new LinkedHashSet<>();
                    response.orThrow().json().forEach(image -> mine.add(ApiJson.text(image, "Id")));
                    before.names().forEach((name, id) -> {
                        if (gateway.ownTags().isLease(name)) {
                            mine.add(id);
                        }
                    });
                    ArrayNode sources = ApiJson.array();
                    mine.forEach(sources::add);
                    query.set("cachefrom", ApiJson.text(sources));
                    if (sources.isEmpty()) {
                        query.set("nocache", "1");
                    }
                });
    }
}
