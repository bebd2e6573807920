package io.dockerworkflow.dood.gateway.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as Go's net/url does it, which is what the daemon routes by. */
public final class PercentEncoding {
    private static final String UNRESERVED = "-_.~";

    private PercentEncoding() {}

    static String decodePath(String text) {
        return decode(text, false);
    }

    static String decodeQuery(String text) {
        return decode(text, true);
    }

    /** Encodes a path; slashes stay. */
    public static String encodePath(String path) {
        return encode(path, UNRESERVED + "/:@");
    }

    /** Encodes a name or value of a query. */
    public static String encodeQuery(String text) {
        return encode(text, UNRESERVED);
    }

    private static String encode(String text, String unreserved) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isAlphanumeric(c) || unreserved.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
    }

    private static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
            return text;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (i + 2 == bytes.length || high < 0 || low < 0) {
                    throw ApiException.badRequest("invalid URL escape");
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(b == '+' && plusIsSpace ? ' ' : b);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
