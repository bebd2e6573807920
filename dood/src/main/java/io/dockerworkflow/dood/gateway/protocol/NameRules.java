package io.dockerworkflow.dood.gateway.protocol;

import java.util.regex.Pattern;

/** The daemon's rules for names, checked before the session's prefix would make a bad name a good one. */
public final class NameRules {
    private static final String FORM = "[a-zA-Z0-9][a-zA-Z0-9_.-]";
    private static final Pattern VALID = Pattern.compile(FORM + "+");

    private NameRules() {}

    public static String requireContainerName(String name) {
        String bare = name.startsWith("/") ? name.substring(1) : name;
        if (!VALID.matcher(bare).matches()) {
            throw ApiException.badRequest("Invalid container name (" + name + "), only " + FORM + " are allowed");
        }
        return bare;
    }

    public static void requireVolumeName(String name) {
        if (name.length() == 1) {
            throw ApiException.badRequest(
                    "volume name is too short, names should be at least two alphanumeric characters");
        }
        if (!VALID.matcher(name).matches()) {
            throw ApiException.badRequest(
                    "\"" + name + "\" includes invalid characters for a local volume name, only \"" + FORM
                            + "\" are allowed. If you intended to pass a host directory, use absolute path");
        }
    }
}
