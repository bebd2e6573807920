package io.dockerworkflow.dind;

import java.util.List;
import java.util.regex.Pattern;

/** Finds the remedy for the last words of a daemon or of its engine. */
final class Diagnosis {
    private static final String OTHERWISE =
            "Read the daemon's words above; with privileged rights it would have all that a daemon can ask for";

    // The first match wins, so specific patterns stand before general ones.
    private static final List<Cause> CAUSES = List.of(
            new Cause(
                    "image has no (rootlesskit|newuidmap|newgidmap|slirp4netns)",
                    "Use an image with rootlesskit, slirp4netns and newuidmap, such as docker:dind-rootless"),
            new Cause(
                    "/dev/net/tun",
                    "Rootless networking needs /dev/net/tun: load the module tun on the engine's machine (modprobe tun)"),
            new Cause(
                    "newuidmap: .*[Oo]peration not permitted|newuidmap: write to uid_map failed",
                    "newuidmap in the image needs a file capability, not the setuid bit: setcap cap_setuid=ep, and "
                            + "cap_setgid=ep for newgidmap; and the engine must not be set to no-new-privileges"),
            new Cause(
                    "max_user_namespaces|unprivileged_userns"
                            + "|fork/exec /proc/self/exe: (no space left on device|operation not permitted)",
                    "Allow user namespaces on the engine's machine (sysctl user.max_user_namespaces, "
                            + "kernel.unprivileged_userns_clone), or use restricted rights"),
            new Cause(
                    "image has no dockerd|dockerd\"?: (executable file )?not found",
                    "Use an image that has dockerd and a shell, such as docker:dind"),
            new Cause(
                    "exec: \"sh\": executable file not found|exec: \"/bin/sh\": stat",
                    "The image has no shell: use one that has dockerd and a shell, such as docker:dind"),
            new Cause("exec format error", "The image is for another processor: use one for the engine's architecture"),
            new Cause(
                    "docker-init\"?: executable file not found|exec: \"docker-init\"",
                    "Install docker-init (package docker-init or tini) on the engine's machine"),
            new Cause(
                    "bind source path does not exist",
                    "The engine does not see this machine's files: if this process runs in a container itself, mount its "
                            + "temporary directory and the workspace into it at the same paths that they have on the "
                            + "engine's machine"),
            new Cause(
                    "unable to apply caps|unable to apply bounding set",
                    "The engine lacks capabilities that it was asked to grant: use restricted rights, or start the engine "
                            + "itself with more"),
            new Cause(
                    "timeout waiting for containerd|failed to start containerd",
                    "Another daemon may be using the same data directory, or the machine may be too busy: look for one, or "
                            + "set a longer start deadline"),
            new Cause(
                    "no space left on device",
                    "Free space on the disk that holds the engine's volumes, for instance with docker system prune"),
            new Cause(
                    "[Tt]able does not exist|can't initialize ip6?tables|Failed to initialize nft",
                    "The machine's kernel lacks the iptables modules that the image uses: load them there (modprobe "
                            + "ip_tables iptable_nat), or use an image with the other variant (nft or legacy)"),
            new Cause(
                    "iptables.*[Pp]ermission denied|you must be root",
                    "The daemon was denied NET_ADMIN: let the engine grant it, or use privileged rights"),
            new Cause(
                    "/sys/fs/cgroup[^ ]*: read-only file system|cannot remount .*cgroup|mount: .*cgroup",
                    "The daemon may not make cgroups: a security module of the engine's machine, or user namespaces "
                            + "(userns-remap), stand in the way; use privileged rights there"),
            new Cause(
                    "[Cc]group.* isn't mounted|cgroup mountpoint does not exist",
                    "Mount the cgroup file systems on the engine's machine"),
            new Cause(
                    "mount namespace before pivot|pivot_root: operation not permitted|unable to create session key"
                            + "|mount.*(operation not permitted|permission denied)",
                    "A security module (AppArmor, SELinux) or a seccomp profile of the engine's machine forbids mounts in "
                            + "containers: allow them there, or use privileged rights"),
            new Cause(
                    "driver not supported|failed to mount overlay|overlay.*not supported",
                    "Put the engine's volumes on a file system that can carry overlay2, such as ext4 or xfs with ftype=1"));

    private Diagnosis() {}

    /** The remedy for these words. */
    static String remedy(String words) {
        return CAUSES.stream()
                .filter(cause -> cause.pattern.matcher(words).find())
                .map(Cause::remedy)
                .findFirst()
                .orElse(OTHERWISE);
    }

    private record Cause(Pattern pattern, String remedy) {
        private Cause(String regex, String remedy) {
            this(Pattern.compile(regex), remedy);
        }
    }
}
