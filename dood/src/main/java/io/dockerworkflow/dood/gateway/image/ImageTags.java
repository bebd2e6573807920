package io.dockerworkflow.dood.gateway.image;

import io.dockerworkflow.Child;
import io.dockerworkflow.dood.gateway.engine.EngineResponse;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.PercentEncoding;
import io.dockerworkflow.dood.gateway.protocol.Query;
import io.dockerworkflow.dood.gateway.session.ChildRegistry;
import io.dockerworkflow.dood.gateway.session.GatewayContext;
import io.dockerworkflow.internal.engine.ImageReference;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How the session's tags come to be: announced before they exist, the session's own as soon as they do. */
public final class ImageTags {
    private final GatewayContext gateway;

    public ImageTags(GatewayContext gateway) {
        this.gateway = gateway;
    }

    /** Announces a tag, and returns what it will be called on the engine. */
    public Pending announce(String reference) {
        if (reference.contains("@")) {
            throw ApiException.badRequest("refusing to create a tag with a digest reference");
        }
        return announceName(reference);
    }

    /** Announces the digest of an image that a registry has; the session's images are found by it, too. */
    public Pending announceDigest(String reference) {
        return announceName(reference);
    }

    private Pending announceName(String reference) {
        String engine = gateway.images().claim(reference);
        Child child = new Child(Child.Kind.IMAGE, engine);
        ChildRegistry.Announcement announcement = gateway.children().announce(child);
        gateway.children().trackUnlabelled(child);
        return new Pending(engine, child, announcement);
    }

    /** A tag that may come to be. */
    public final class Pending {
        private final String engineReference;
        private final Child child;
        private final ChildRegistry.Announcement announcement;

        private Pending(String engineReference, Child child, ChildRegistry.Announcement announcement) {
            this.engineReference = engineReference;
            this.child = child;
            this.announcement = announcement;
        }

        public String engineReference() {
            return engineReference;
        }

        String repository() {
            return ImageReference.nameAsWritten(engineReference);
        }

        String tag() {
            return ImageReference.of(engineReference).tag().orElseThrow();
        }

        /** Settles it by what the answer says. */
        public void settle(boolean exists) {
            if (exists) {
                gateway.images().confirm(engineReference);
                announcement.created();
            } else if (!gateway.images().isConfirmed(engineReference)) {
                gateway.children().forget(child);
            }
            announcement.end();
        }

        /** Settles it by asking the engine. */
        CompletionStage<Boolean> settle(ClientRequest request) {
            return request.ask(HttpMethod.GET, "/images/" + PercentEncoding.encodePath(engineReference) + "/json")
                    .handle((response, failure) -> {
                        boolean exists = response != null && response.ok();
                        settle(exists);
                        return exists;
                    });
        }
    }

    /** Settles all. */
    public CompletionStage<Void> settle(ClientRequest request, Collection<Pending> tags) {
        return CompletableFuture.allOf(tags.stream()
                .map(tag -> tag.settle(request).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Tags an image of the engine. */
    CompletionStage<EngineResponse> tag(ClientRequest request, String image, String reference) {
        Pending pending = announce(reference);
        Query query = new Query().set("repo", pending.repository()).set("tag", pending.tag());
        return request.ask(HttpMethod.POST, "/images/" + PercentEncoding.encodePath(image) + "/tag", query)
                .whenComplete((response, failure) -> pending.settle(response != null && response.ok()));
    }

    /** The session's labels, as instructions that a commit or an import applies. */
    List<String> labelInstructions() {
        return gateway.names().labels().entrySet().stream()
                .map(label -> labelInstruction(label.getKey(), label.getValue()))
                .toList();
    }

    static String labelInstruction(String name, String value) {
        return "LABEL " + quoted(name) + "=" + quoted(value);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
    }
}
