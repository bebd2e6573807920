package io.dockerworkflow.internal.engine;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A reference to an image by name, split as Docker splits it (distribution/reference, {@code ParseNormalizedNamed}): two spellings
 * of one name are equal. An image's id is no such reference. Splitting refuses nothing; {@link #isWellFormed} tells whether an
 * engine would take the reference.
 *
 * @param registry the registry's address, as {@code localhost:5000}; empty for Docker's default registry
 * @param path the path there, without the {@code library/} of the default registry's official images
 * @param tag the tag, if one is given
 * @param digest the digest, if one is given, as {@code sha256:...}
 */
public record ImageReference(Optional<String> registry, String path, Optional<String> tag, Optional<String> digest) {
    private static final String DEFAULT_TAG = "latest";
    private static final String DEFAULT_REGISTRY = "docker.io";
    private static final String OLD_DEFAULT_REGISTRY = "index.docker.io";
    private static final String OFFICIAL = "library/";

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?"
            + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    /** Splits a reference. */
    public static ImageReference of(String text) {
        String name = nameAsWritten(text);
        Optional<String> digest =
                text.indexOf('@') < 0 ? Optional.empty() : Optional.of(text.substring(text.indexOf('@') + 1));
        int end = digest.isPresent() ? text.indexOf('@') : text.length();
        Optional<String> tag =
                name.length() == end ? Optional.empty() : Optional.of(text.substring(name.length() + 1, end));
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        if (!isRegistry(first)) {
            return new ImageReference(Optional.empty(), unofficial(name), tag, digest);
        }
        String path = name.substring(slash + 1);
        return isDefault(first)
                ? new ImageReference(Optional.empty(), unofficial(path), tag, digest)
                : new ImageReference(Optional.of(first), path, tag, digest);
    }

    /** The part of a reference before its tag and digest, as it was written. */
    public static String nameAsWritten(String text) {
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return colon < 0 ? name : name.substring(0, colon);
    }

    /** The reference as written, with {@code :latest} behind it if it has neither tag nor digest. */
    public static String tagged(String text) {
        return of(text).isPinned() ? text : text + ":" + DEFAULT_TAG;
    }

    /** Whether that is a whole digest, or the whole id of an image. */
    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    /** A first component with a dot, a port or capitals is an address; Docker Hub's users have none of these. */
    private static boolean isRegistry(String first) {
        return first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.toLowerCase(Locale.ROOT).equals(first);
    }

    private static boolean isDefault(String registry) {
        return registry.equals(DEFAULT_REGISTRY) || registry.equals(OLD_DEFAULT_REGISTRY);
    }

    private static String unofficial(String path) {
        boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
        return official ? path.substring(OFFICIAL.length()) : path;
    }

    /** Whether it says which image of that name it means. */
    public boolean isPinned() {
        return tag.isPresent() || digest.isPresent();
    }

    /** The same, with the tag {@code latest} if it has neither tag nor digest. */
    public ImageReference withDefaultTag() {
        return isPinned() ? this : new ImageReference(registry, path, Optional.of(DEFAULT_TAG), digest);
    }

    /** The same without its tag if it has a digest: an engine goes by that alone. */
    public ImageReference withoutNeedlessTag() {
        return digest.isPresent() ? new ImageReference(registry, path, Optional.empty(), digest) : this;
    }

    /** Registry and path, as engines show them: without the default registry. */
    public String familiarName() {
        return registry.map(address -> address + "/" + path).orElse(path);
    }

    /** As engines show it: without the default registry. */
    public String familiar() {
        return familiarName() + suffix();
    }

    /** As BuildKit and containerd write it: with the registry, and with {@code library/} where it belongs. */
    public String canonical() {
        String name = registry.map(address -> address + "/" + path)
                .orElseGet(() -> DEFAULT_REGISTRY + "/" + (path.contains("/") ? "" : OFFICIAL) + path);
        return name + suffix();
    }

    private String suffix() {
        return tag.map(text -> ":" + text).orElse("")
                + digest.map(text -> "@" + text).orElse("");
    }

    /** Whether an engine takes it; capitals in the path, for example, it refuses. */
    public boolean isWellFormed() {
        return NAME.matcher(familiarName()).matches()
                && tag.stream().allMatch(text -> TAG.matcher(text).matches())
                && digest.stream().allMatch(ImageReference::isDigest);
    }
}
