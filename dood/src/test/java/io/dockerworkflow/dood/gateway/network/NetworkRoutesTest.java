package io.dockerworkflow.dood.gateway.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.GatewayClient;
import io.dockerworkflow.dood.testsupport.WithServedSession;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Over an engine that answers from a script, whose answers are shortened ones of engine 20.10. */
class NetworkRoutesTest extends WithServedSession {
    private static final String APP =
            "{'Name':'dw-0a0b0c0d-app','Id':'1','Labels':{'a':'1','io.dockerworkflow.session':'0a0b0c0d'}}";
    private static final String STRANGER =
            "{'Name':'dw-11112222-app','Id':'2','Labels':{'io.dockerworkflow.session':'11112222'}}";
    private static final String HOSTS = "{'Name':'hosts','Id':'3','Labels':{}}";
    private static final String BRIDGE = "{'Name':'bridge','Id':'4','Labels':{},'Containers':{'c':{'Name':'x'}}}";

    @Nested
    class List {
        private String list(String query) throws IOException {
            engine.on("GET", "/v1.41/networks").json(200, "[" + String.join(",", APP, STRANGER, HOSTS, BRIDGE) + "]");
            return client.get("/v1.41/networks" + query).json();
        }

        @Test
        void listHasTheSessionsNetworksAndThePredefined() throws IOException {
            assertThat(list(""))
                    .isEqualTo("[{'Name':'app','Id':'1','Labels':{'a':'1'}},"
                            + "{'Name':'bridge','Id':'4','Labels':{},'Containers':{}}]");
        }

        /** The engine knows the session's networks by other names, so it cannot filter by name. */
        @Test
        void nameFilterMeansTheClientsNames() throws IOException {
            assertThat(list("?filters={%22name%22:[%22app%22],%22driver%22:[%22bridge%22]}"))
                    .isEqualTo("[{'Name':'app','Id':'1','Labels':{'a':'1'}}]");
            assertThat(engine.asked().get(engine.asked().size() - 1).query().get("filters"))
                    .doesNotContain("name")
                    .contains("driver", "bridge");
            assertThat(list("?filters={%22name%22:[%22dw-11112222%22]}")).isEqualTo("[]");
        }

        @Test
        void filtersWhenTheyAreMalformedAreRefused() throws IOException {
            assertThat(client.get("/v1.41/networks?filters=%7B").status()).isEqualTo(400);
            assertThat(engine.asked()).hasSize(1); // GET /version, when the session was opened
        }
    }

    @Nested
    class Inspect {
        @Test
        void networkOfTheHostIsNotFound() throws IOException {
            String none = "{'message':'network dw-0a0b0c0d-hosts not found'}";
            engine.on("GET", "/v1.41/networks/dw-0a0b0c0d-hosts").json(404, none);
            engine.on("GET", "/v1.41/networks/dw-0a0b0c0d-hosts").json(404, none);
            GatewayClient.Answer answer = client.get("/v1.41/networks/hosts");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json()).isEqualTo("{'message':'network hosts not found'}");
        }

        @Test
        void networkOfTheSessionIsShownByTheClientsName() throws IOException {
            // The first looks it up, the second is the client's.
            engine.on("GET", "/v1.41/networks/dw-0a0b0c0d-app").json(200, APP);
            engine.on("GET", "/v1.41/networks/dw-0a0b0c0d-app").json(200, APP);
            assertThat(client.get("/v1.41/networks/app").json())
                    .isEqualTo("{'Name':'app','Id':'1','Labels':{'a':'1'}}");
        }
    }
}
