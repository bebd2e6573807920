package io.dockerworkflow.dood.gateway.buildkit.wire;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;

/** The headers of gRPC's answers. */
public final class GrpcHeaders {
    public static final String STATUS = "grpc-status";
    public static final String MESSAGE = "grpc-message";

    private GrpcHeaders() {}

    public static Http2Headers success() {
        return new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
    }

    public static Http2Headers okTrailers() {
        return new DefaultHttp2Headers().set(STATUS, "0");
    }

    /** An answer that is nothing but a failure. */
    public static Http2Headers failure(GrpcRefusal refusal) {
        return success().setAll(failureTrailers(refusal));
    }

    public static Http2Headers failureTrailers(GrpcRefusal refusal) {
        return new DefaultHttp2Headers()
                .set(STATUS, Integer.toString(refusal.status().code()))
                .set(MESSAGE, encode(refusal.reason()));
    }

    /** gRPC's percent encoding of status messages. */
    public static String encode(String message) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : message.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~' && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append(String.format("%%%02X", each & 0xFF));
            }
        }
        return encoded.toString();
    }

    public static String decode(String encoded) {
        byte[] in = encoded.getBytes(StandardCharsets.UTF_8);
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = i + 2 < in.length && in[i] == '%' ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                out.write(in[i]);
            } else {
                out.write(high << 4 | low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
