package io.dockerworkflow.dood.differential;

import java.util.Optional;

/**
 * One request of the engine's API. {@code {id:NAME}} in the path stands for the id that the side under test gave to what was
 * last created as NAME, {@code {short:NAME}} for its first twelve digits.
 *
 * @param method the HTTP method
 * @param path path and query, without the version
 * @param body a JSON body
 * @param creates the name under which the id of the answer is remembered
 * @param needs a container, without which the call is left out: there a session differs, see docs/architecture.md
 */
record Call(String method, String path, Optional<String> body, Optional<String> creates, Optional<String> needs) {

    private static Call of(String method, String path, Optional<String> body) {
        return new Call(method, path, body, Optional.empty(), Optional.empty());
    }

    static Call get(String path) {
        return of("GET", path, Optional.empty());
    }

    static Call head(String path) {
        return of("HEAD", path, Optional.empty());
    }

    static Call delete(String path) {
        return of("DELETE", path, Optional.empty());
    }

    static Call post(String path) {
        return of("POST", path, Optional.empty());
    }

    static Call post(String path, String body) {
        return of("POST", path, Optional.of(body));
    }

    Call creating(String name) {
        return new Call(method, path, body, Optional.of(name), needs);
    }

    Call needing(String container) {
        return new Call(method, path, body, creates, Optional.of(container));
    }

    @Override
    public String toString() {
        return method + " " + path + body.map(text -> " " + text).orElse("");
    }
}
