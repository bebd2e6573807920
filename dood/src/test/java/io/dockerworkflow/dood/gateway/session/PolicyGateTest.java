package io.dockerworkflow.dood.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dockerworkflow.dood.gateway.http.ClientRequest;
import io.dockerworkflow.dood.gateway.http.RequestBody;
import io.dockerworkflow.dood.gateway.protocol.ApiException;
import io.dockerworkflow.dood.gateway.protocol.RequestTarget;
import io.dockerworkflow.dood.policy.HostBinds;
import io.dockerworkflow.dood.policy.RequestKind;
import io.dockerworkflow.dood.policy.RequestPolicy;
import io.dockerworkflow.dood.policy.Rules;
import io.dockerworkflow.dood.testsupport.ScriptedEngine;
import io.dockerworkflow.dood.testsupport.SessionContext;
import io.dockerworkflow.dood.testsupport.Trees;
import io.dockerworkflow.internal.engine.ApiVersion;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PolicyGateTest {
    private final ExecutorService blocking = Executors.newSingleThreadExecutor();
    private final SessionContext session = new SessionContext();
    private final PolicyGate gate =
            new PolicyGate(new RequestPolicy(Rules.nothing(), new HostBinds(Map.of(), Optional::of)), blocking);

    @AfterEach
    void stop() {
        blocking.shutdownNow();
        session.close();
    }

    private ClientRequest call(String json) {
        RequestBody body = new RequestBody(new EmbeddedChannel(), false);
        body.offer(new DefaultLastHttpContent(Unpooled.copiedBuffer(json.replace('\'', '"'), StandardCharsets.UTF_8)));
        return new ClientRequest(
                HttpMethod.POST,
                new DefaultHttpHeaders(),
                RequestTarget.parse("/any"),
                new ApiVersion(1, 41),
                "",
                session.loop(),
                session.context().engine(),
                body);
    }

    private CompletableFuture<ObjectNode> exec(String json) {
        return gate.body(call(json), RequestKind.EXEC_CREATE, gate.policy()::execCreate)
                .toCompletableFuture();
    }

    @Test
    void bodyWhenItIsAllowedIsTheTreeInTheApisSpelling() {
        assertThat(Trees.text(ScriptedEngine.await(exec("{'cmd':['a'],'TTY':true}"))))
                .isEqualTo("{'Cmd':['a'],'Tty':true}");
    }

    @Test
    void bodyWhenItIsRefusedFailsWithTheReason() {
        assertThatThrownBy(() -> exec("{'Cmd':['a'],'privileged':true}").join())
                .hasCauseInstanceOf(ApiException.class)
                .rootCause()
                .hasMessageContaining("Privileged")
                .matches(cause -> ((ApiException) cause).isRefusal() && ((ApiException) cause).status() == 403);
    }

    @Test
    void bodyWhenItIsMalformedIsABadRequest() {
        for (String body : new String[] {"{", "[]", "{'Cmd':{}}x"}) {
            assertThatThrownBy(() -> exec(body).join())
                    .rootCause()
                    .matches(cause -> cause instanceof ApiException api && api.status() == 400 && !api.isRefusal());
        }
    }

    @Test
    void answerWhenItComesComesOnTheEventLoop() {
        for (boolean fails : new boolean[] {true, false}) {
            CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
            CompletableFuture<Boolean> asked = new CompletableFuture<>();
            CompletableFuture<Void> awaited = new CompletableFuture<>();
            gate.ask(call("{}"), () -> {
                        asked.complete(session.loop().inEventLoop());
                        ScriptedEngine.await(awaited);
                        if (fails) {
                            throw ApiException.badRequest("no");
                        }
                        return "yes";
                    })
                    .whenComplete(
                            (answer, failure) -> onLoop.complete(session.loop().inEventLoop()));
            awaited.complete(null);
            assertThat(ScriptedEngine.await(asked)).isFalse();
            assertThat(ScriptedEngine.await(onLoop)).isTrue();
        }
    }
}
