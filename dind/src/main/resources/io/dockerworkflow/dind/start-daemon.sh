# Starts a Docker daemon as this container's command. POSIX sh only: the shell may be busybox or dash.
# Arguments: the socket to listen on; the numeric group that may use it.
set -eu
socket=$1
group=$2

command -v dockerd >/dev/null || {
    echo "docker-workflow: this image has no dockerd" >&2
    exit 127
}

# runc mounts cgroups read-only; the daemon must make groups for its containers.
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    if mount -o remount,rw /sys/fs/cgroup; then
        # A v2 group hands controllers down only while no process is in it. Again and again, because init forks and
        # execs enter the group meanwhile.
        mkdir -p /sys/fs/cgroup/daemon
        tries=0
        until
            while read -r pid; do
                echo "$pid" >/sys/fs/cgroup/daemon/cgroup.procs 2>/dev/null || :
            done </sys/fs/cgroup/cgroup.procs
            sed -e 's/^/+/' -e 's/ / +/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null
        do
            tries=$((tries + 1))
            if [ "$tries" -ge 100 ]; then
                echo "docker-workflow: cgroup controllers could not be handed down" >&2
                break
            fi
        done
    fi
else
    for hierarchy in /sys/fs/cgroup/*; do
        # The links (cpu -> cpu,cpuacct) would be remounted twice.
        [ -L "$hierarchy" ] || mount -o remount,rw,bind "$hierarchy"
    done
fi

# Engine 28 sets a switch of IPv6 for each container and fails where it cannot; older ones only warn. Of /proc/sys, which runc
# mounts read-only, this part belongs to the network namespace; the rest would reach the machine.
if ! [ -w /proc/sys/net/ipv4/ip_forward ]; then
    mount --bind /proc/sys/net /proc/sys/net
    mount -o remount,rw,bind /proc/sys/net
fi

# Which iptables works is the host kernel's affair, not the image's.
if ! iptables -w -n -L >/dev/null 2>&1; then
    if [ -x /usr/local/sbin/.iptables-legacy/iptables ]; then
        PATH=/usr/local/sbin/.iptables-legacy:$PATH
    elif command -v iptables-legacy >/dev/null 2>&1 && iptables-legacy -w -n -L >/dev/null 2>&1; then
        mkdir -p /run/docker-workflow-iptables
        for tool in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
            legacy=$(command -v "$(echo "$tool" | sed 's/tables/tables-legacy/')") || continue
            ln -sf "$legacy" "/run/docker-workflow-iptables/$tool"
        done
        PATH=/run/docker-workflow-iptables:$PATH
    fi
    export PATH
fi

set -- -H "unix://$socket" --group "$group"

# Inner packets leave through this container's interface and must fit it.
mtu=$(cat /sys/class/net/eth0/mtu 2>/dev/null || echo 1500)
if [ "$mtu" != 1500 ]; then
    set -- "$@" --mtu "$mtu"
    # --mtu is for the default bridge only; engines from 24 on know how to say it for all.
    if dockerd --help 2>&1 | grep -q default-network-opt; then
        set -- "$@" --default-network-opt "bridge=com.docker.network.driver.mtu=$mtu"
    fi
fi

# Steps run as whatever user they like. What keeps others out is the directory above the socket's on the machine, which
# only its owner may enter.
(
    # A daemon restricts its socket after it has made it: wait for that, or it would undo this.
    until case "$(ls -ld "$socket" 2>/dev/null)" in srw-rw*) true ;; *) false ;; esac do sleep 0.05; done
    chmod 666 "$socket"
) &

# Variables that an image sets for its own entrypoint would make dockerd look for TLS material.
unset DOCKER_TLS_CERTDIR DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH
exec dockerd "$@"
