package io.dockerworkflow.dood.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.dockerworkflow.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.NoHttpResponseException;

/** One of the two that are compared: sends calls, remembers the ids that it was given. */
final class Side implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REFERENCE = Pattern.compile("\\{(id|short):([^}]*)}");
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final DockerHttpClient http;
    private final Normaliser normaliser = new Normaliser();
    private final Map<String, String> ids = new HashMap<>();

    Side(Endpoint endpoint) {
        http = new ApacheDockerHttpClient.Builder()
                .dockerHost(URI.create(endpoint.dockerHost()))
                .build();
    }

    Answer send(Call call) throws IOException {
        Request.Builder request = Request.builder();
        // The typed method of docker-java 3.7.1 does not know HEAD.
        request.method(call.method()).path("/v1.41" + resolved(call.path()));
        call.body()
                .ifPresent(body -> request.putHeader("Content-Type", "application/json")
                        .bodyBytes(resolved(body).getBytes(StandardCharsets.UTF_8)));
        try (Response response = http.execute(request.build())) {
            String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
            if (response.getStatusCode() < 300) {
                call.creates().ifPresent(name -> remember(name, body));
            }
            return new Answer(
                    response.getStatusCode(), contentType(response), normaliser.body(call.path(), body));
        } catch (RuntimeException e) {
            if (e.getCause() instanceof NoHttpResponseException) {
                return Answer.NONE;
            }
            throw e;
        }
    }

    private static String contentType(Response response) {
        return response.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
                .map(header -> List.copyOf(header.getValue()).get(0))
                .findFirst()
                .orElse("-");
    }

    private String resolved(String text) {
        return REFERENCE.matcher(text).replaceAll(this::idFor);
    }

    private String idFor(MatchResult reference) {
        String id = ids.getOrDefault(reference.group(2), UNKNOWN);
        return reference.group(1).equals("short") ? id.substring(0, 12) : id;
    }

    private void remember(String name, String body) {
        try {
            JsonNode id = JSON.readTree(body).path("Id");
            if (id.isTextual()) {
                ids.put(name, id.textValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("The answer to a create is not JSON: " + body, e);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
