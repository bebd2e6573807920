package io.dockerworkflow.dood.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineJsonTest {
    @Test
    void keysWhenSpelledInAnyCaseBecomeCanonical() throws Exception {
        assertThat(create("""
                        {"IMAGE":"i","hostconfig":{"pRIVILEGED":true,"binds":["a:/b"],
                         "mounts":[{"type":"bind","bindoptions":{"PROPAGATION":"shared"}}],
                         "portbindings":{"80/tcp":[{"hostip":"::","HOSTPORT":"1"}]}},
                         "networkingconfig":{"endpointsconfig":{"NET":{"networkid":"x"}}}}
                        """)).hasToString("""
                        {"Image":"i","HostConfig":{"Privileged":true,"Binds":["a:/b"],\
                        "Mounts":[{"Type":"bind","BindOptions":{"Propagation":"shared"}}],\
                        "PortBindings":{"80/tcp":[{"HostIp":"::","HostPort":"1"}]}},\
                        "NetworkingConfig":{"EndpointsConfig":{"NET":{"NetworkID":"x"}}}}\
                        """);
    }

    @Test
    void keysWhenSpelledWithLettersThatGoFoldsBecomeCanonical() throws Exception {
        assertThat(create("{\"HoſtConfig\":{\"ſecurityOpt\":[\"x\"],\"NetworKMode\":\"host\"}}"))
                .hasToString("{\"HostConfig\":{\"SecurityOpt\":[\"x\"],\"NetworkMode\":\"host\"}}");
    }

    @Test
    void keysOfMapsWhenSpelledLikeFieldsStayAsTheyAre() throws Exception {
        assertThat(create("{\"Labels\":{\"image\":\"a\",\"IMAGE\":\"b\"}}").get("Labels"))
                .hasToString("{\"image\":\"a\",\"IMAGE\":\"b\"}");
    }

    @Test
    void bodyWhenAKeyIsThereTwiceWithTheSameScalarIsUnderstood() throws Exception {
        assertThat(create("{\"Image\":\"a\",\"Image\":\"a\",\"HostConfig\":{\"Privileged\":null,\"privileged\":null}}"))
                .hasToString("{\"Image\":\"a\",\"HostConfig\":{\"Privileged\":null}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"HostConfig\":{\"Privileged\":{},\"Privileged\":{}}}",
                "{\"HostConfig\":{\"Privileged\":false,\"privileged\":true}}",
                "{\"HostConfig\":{\"Privileged\":false,\"Privileged\":true}}",
                "{\"HostConfig\":{},\"hostConfig\":{\"Privileged\":true}}",
                "{\"HostConfig\":{\"New\":1,\"new\":2}}",
                "{\"HostConfig\":{\"Sysctls\":{},\"ſysctls\":{}}}"
            })
    void bodyWhenAKeyIsThereTwiceIsForbidden(String body) {
        assertThatThrownBy(() -> create(body))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageStartingWith("duplicate key \"")
                .extracting(e -> ((MalformedBodyException) e).status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"x\"",
                "{",
                "{} {\"HostConfig\":{\"Privileged\":true}}",
                "{\"HostConfig\":[]}",
                "{\"HostConfig\":\"\"}",
                "{\"HostConfig\":{\"Mounts\":{}}}",
                "{\"HostConfig\":{\"Mounts\":[\"x\"]}}",
                "{\"HostConfig\":{\"PortBindings\":[]}}",
                "{\"HostConfig\":{\"Privileged\":NaN}}",
                "{'HostConfig':{}}",
                "{\"HostConfig\":{} /* */}"
            })
    void bodyWhenNotWhatTheEngineTakesIsMalformed(String body) {
        assertThatThrownBy(() -> create(body)).isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void bodyWhenDeeplyNestedIsMalformed() {
        assertThatThrownBy(() -> create("{\"Labels\":" + "[".repeat(5000) + "]".repeat(5000) + "}"))
                .isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void bodyWhenEmptyIsAnEmptyObject() throws Exception {
        assertThat(EngineJson.parse(RequestKind.EXEC_CREATE, new byte[0])).isEmpty();
        assertThat(EngineJson.parse(RequestKind.EXEC_CREATE, "null".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void hostFieldsWhenAtTheTopAloneMoveIntoHostConfig() throws Exception {
        assertThat(create("{\"Image\":\"i\",\"privileged\":true,\"Binds\":[\"/:/h\"],\"cpuset\":\"0\"}"))
                .hasToString("""
                        {"Image":"i","HostConfig":{"Binds":["/:/h"],"Privileged":true,"CpusetCpus":"0"}}\
                        """);
    }

    @Test
    void hostFieldsWhenBesideHostConfigAreMergedAsTheEngineDoes() throws Exception {
        ObjectNode host = (ObjectNode)
                create("{\"Memory\":7,\"Privileged\":true,\"HostConfig\":{\"Memory\":0,\"NetworkMode\":\"n\"}}")
                        .get("HostConfig");
        assertThat(host.get("Memory").asInt()).isEqualTo(7);
        assertThat(host.has("Privileged")).isFalse();
    }

    static ObjectNode create(String json) throws MalformedBodyException {
        return EngineJson.parse(RequestKind.CONTAINER_CREATE, json.getBytes(StandardCharsets.UTF_8));
    }
}
