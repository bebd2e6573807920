package io.dockerworkflow.dood.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dockerworkflow.dood.testsupport.AttackedSession;
import io.dockerworkflow.dood.testsupport.RawClient.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that hides another one: whoever reads it, the other never reaches the engine unseen. */
@Timeout(300)
class RequestSmugglingIT {
    private static AttackedSession attacked;

    @BeforeAll
    static void open() {
        attacked = new AttackedSession();
    }

    @AfterAll
    static void close() {
        attacked.close();
    }

    @AfterEach
    void sessionGoesOn() {
        attacked.assertGoesOn();
    }

    /** Two readings of where a request ends; under the wrong one, a second request would reach the engine unseen. */
    @ParameterizedTest
    @MethodSource("smuggling")
    void requestWhenItHidesAnotherDoesNotSmuggleIt(String name, String head, String body) {
        String hidden = "DELETE " + attacked.version() + "/containers/" + attacked.victim()
                + "?force=1 HTTP/1.1\r\nHost: docker\r\n\r\n";
        String request = head + "\r\n" + body.replace("HIDDEN", hidden);
        Outcome outcome = attacked.send(request);
        assertThat(outcome.closed()).as(name + " hangs: " + outcome.text()).isTrue();
        // If it is read as a second request, then by the gateway, which does not know that container.
        assertThat(outcome.text()).as(name).doesNotContain("HTTP/1.1 204");
        attacked.assertVictimUntouched(name);
    }

    static Stream<Object[]> smuggling() {
        List<Object[]> shapes = new ArrayList<>();
        // One that the gateway reads itself, and some whose body it relays to the engine.
        for (String target : List.of(
                "POST /containers/create",
                "POST /containers/mine/kill?signal=NOSUCH",
                "PUT /containers/mine/archive?path=/tmp",
                "POST /containers/mine/wait?condition=removed",
                "GET /_ping")) {
            String line = target + " HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n";
            String kind = target + ", ";
            shapes.add(new Object[] {
                kind + "both lengths", line + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "both lengths, other order",
                line + "Transfer-Encoding: chunked\r\nContent-Length: 400\r\n",
                "0\r\n\r\nHIDDEN"
            });
            shapes.add(
                    new Object[] {kind + "two lengths", line + "Content-Length: 0\r\nContent-Length: 400\r\n", "HIDDEN"
                    });
            shapes.add(new Object[] {kind + "list of lengths", line + "Content-Length: 0, 400\r\n", "HIDDEN"});
            shapes.add(new Object[] {kind + "no length", line, "HIDDEN"});
            for (String coding : List.of(
                    "Transfer-Encoding: xchunked",
                    "Transfer-Encoding: identity",
                    "Transfer-Encoding: chunked, identity",
                    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                    "Transfer-Encoding: gzip, chunked",
                    "Transfer-Encoding : chunked",
                    "Transfer-Encoding:\u000bchunked",
                    "Transfer-Encoding: \"chunked\"",
                    "X: y\r\n Transfer-Encoding: chunked",
                    "X: y\nTransfer-Encoding: chunked",
                    "Transfer\u0000-Encoding: chunked",
                    "Connection: Content-Length",
                    "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
                    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                    "Upgrade: tcp\r\nConnection: Upgrade")) {
                shapes.add(new Object[] {kind + coding, line + coding + "\r\n", "0\r\n\r\nHIDDEN"});
                shapes.add(new Object[] {
                    kind + coding + " with a length", line + coding + "\r\nContent-Length: 5\r\n", "0\r\n\r\nHIDDEN"
                });
            }
            shapes.add(new Object[] {
                kind + "chunk extension", line + "Transfer-Encoding: chunked\r\n", "0;x=\"\r\n\r\nHIDDEN\"\r\n\r\n"
            });
            shapes.add(new Object[] {
                kind + "chunk ends with a bare line feed", line + "Transfer-Encoding: chunked\r\n", "0\n\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "trailer", line + "Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 0\r\n\r\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "old version",
                line.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n",
                "0\r\n\r\nHIDDEN"
            });
            shapes.add(new Object[] {
                kind + "line break in the path",
                line.replace(" HTTP/1.1", "%0d%0a%0d%0aDELETE%20/containers/" + attacked.victim() + " HTTP/1.1"),
                ""
            });
        }
        return shapes.stream();
    }
}
