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
 */
record Call(String method, String path, Optional<String> body, Optional<String> creates) {

    static Call get(String path) {
        return new Call("GET", path, Optional.empty(), Optional.empty());
    }

    static Call head(String path) {
        return new Call("HEAD", path, Optional.empty(), Optional.empty());
    }

    static Call delete(String path) {
        return new Call("DELETE", path, Optional.empty(), Optional.empty());
    }

    static Call post(String path) {
        return new Call("POST", path, Optional.empty(), Optional.empty());
    }

    static Call post(String path, String body) {
        return new Call("POST", path, Optional.of(body), Optional.empty());
    }

    Call creating(String name) {
        return new Call(method, path, body, Optional.of(name));
    }

    @Override
    public String toString() {
        return method + " " + path + body.map(text -> " " + text).orElse("");
    }
}
