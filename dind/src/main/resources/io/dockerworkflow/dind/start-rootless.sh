# Starts a Docker daemon that is not root on the machine, as this container's command. POSIX sh only. Runs three times:
# as root without capabilities but to change user, as the user, and in that user's own namespaces.
# Arguments: the socket to listen on; the user who runs the daemon.
set -eu
socket=$1
user=$2

if [ -z "${DOCKER_WORKFLOW_STAGE:-}" ]; then
    for tool in dockerd rootlesskit newuidmap newgidmap slirp4netns; do
        command -v "$tool" >/dev/null || {
            echo "docker-workflow: this image has no $tool, which a rootless daemon needs" >&2
            exit 127
        }
    done
    # newuidmap wants the user by name, with subordinate ids.
    grep -q "^[^:]*:[^:]*:$user:" /etc/passwd || echo "rootless$user:x:$user:$user::/tmp:/bin/sh" >>/etc/passwd
    name=$(grep "^[^:]*:[^:]*:$user:" /etc/passwd | cut -d: -f1)
    for map in /etc/subuid /etc/subgid; do
        grep -q "^\($name\|$user\):" "$map" 2>/dev/null || echo "$name:100000:65536" >>"$map"
    done
    # Root has no capability here to change an owner, so the user makes its own directories in these.
    chmod 1777 /var/lib/docker
    mkdir -m 1777 /run/docker-workflow-user
    # This container's own node; some machines' is for root alone.
    chmod 666 /dev/net/tun
    export DOCKER_WORKFLOW_STAGE=user
    if setpriv --reuid "$user" --regid "$user" --clear-groups true 2>/dev/null; then
        exec setpriv --reuid "$user" --regid "$user" --clear-groups sh "$0" "$socket" "$user"
    fi
    exec su -s /bin/sh "$name" -c "exec sh $0 $socket $user"
fi

if [ "$DOCKER_WORKFLOW_STAGE" = user ]; then
    export DOCKER_WORKFLOW_STAGE=namespaces
    export HOME=/run/docker-workflow-user/home XDG_RUNTIME_DIR=/run/docker-workflow-user/run
    mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
    # See start-daemon.sh; and a daemon that is root only in its own namespaces cannot give its socket to a group.
    (
        # A daemon restricts its socket after it has made it: wait for that, or it would undo this.
        until case "$(ls -ld "$socket" 2>/dev/null)" in srw-rw*) true ;; *) false ;; esac do sleep 0.05; done
        chmod 666 "$socket"
    ) &
    mtu=$(cat /sys/class/net/eth0/mtu 2>/dev/null || echo 1500)
    exec rootlesskit --net=slirp4netns --mtu="$mtu" --slirp4netns-sandbox=auto --slirp4netns-seccomp=auto \
        --disable-host-loopback --port-driver=builtin --copy-up=/etc --copy-up=/run --propagation=rslave \
        sh "$0" "$socket" "$user"
fi

# The links that --copy-up made to what the daemon makes itself.
rm -f /run/docker /run/containerd /run/xtables.lock
unset DOCKER_WORKFLOW_STAGE DOCKER_TLS_CERTDIR DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH
exec dockerd -H "unix://$socket" --data-root /var/lib/docker/rootless
