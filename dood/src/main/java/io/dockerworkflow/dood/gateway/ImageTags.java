package io.dockerworkflow.dood.gateway;

import io.dockerworkflow.Child;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How the session's tags come to be: announced before they exist, the session's own as soon as they do. */
final class ImageTags {
    private final GatewayContext gateway;

    ImageTags(GatewayContext gateway) {
        this.gateway = gateway;
    }

    /** Announces a tag, and returns what it will be called on the engine. */
    Pending announce(String reference) {
        if (reference.contains("@")) {
            throw ApiException.badRequest("refusing to create a tag with a digest reference");
        }
        return announceName(reference);
    }

    /** Announces the digest of an image that a registry has; the session's images are found by it, too. */
    Pending announceDigest(String reference) {
        return announceName(reference);
    }

    private Pending announceName(String reference) {
        String engine = gateway.images().claim(reference);
        Child child = new Child(Child.Kind.IMAGE, engine);
        Births.Birth birth = gateway.births().begin(child);
        gateway.births().trackUnlabelled(child);
        return new Pending(engine, child, birth);
    }

    /** A tag that may come to be. */
    final class Pending {
        private final String engineReference;
        private final Child child;
        private final Births.Birth birth;

        private Pending(String engineReference, Child child, Births.Birth birth) {
            this.engineReference = engineReference;
            this.child = child;
            this.birth = birth;
        }

        String engineReference() {
            return engineReference;
        }

        String repository() {
            return engineReference.substring(0, engineReference.lastIndexOf(':'));
        }

        String tag() {
            return engineReference.substring(engineReference.lastIndexOf(':') + 1);
        }

        /** Settles it by what the answer says. */
        void settle(boolean exists) {
            if (exists) {
                gateway.images().confirm(engineReference);
                birth.born();
            } else if (!gateway.images().isConfirmed(engineReference)) {
                gateway.births().forget(child);
            }
            birth.end();
        }

        /** Settles it by asking the engine. */
        CompletionStage<Boolean> settle(Call call) {
            return call.ask(HttpMethod.GET, "/images/" + Percent.encodePath(engineReference) + "/json")
                    .handle((answer, failure) -> {
                        boolean exists = answer != null && answer.ok();
                        settle(exists);
                        return exists;
                    });
        }
    }

    /** Settles all. */
    CompletionStage<Void> settle(Call call, Collection<Pending> tags) {
        return CompletableFuture.allOf(
                tags.stream().map(tag -> tag.settle(call).toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
    }

    /** Tags an image of the engine. */
    CompletionStage<EngineAnswer> tag(Call call, String image, String reference) {
        Pending pending = announce(reference);
        Query query = new Query().set("repo", pending.repository()).set("tag", pending.tag());
        return call.ask(HttpMethod.POST, "/images/" + Percent.encodePath(image) + "/tag", query)
                .whenComplete((answer, failure) -> pending.settle(answer != null && answer.ok()));
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
