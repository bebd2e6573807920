# shellcheck shell=bash
# The engine: whether one answers, starting one, ending one.

readonly PIDFILE=$STATE/dockerd.pid
readonly ENGINE_LOG=$STATE/dockerd.log
readonly DEFAULT_ENDPOINT=unix:///var/run/docker.sock
readonly RUNTIME=runc-without-sys-resource

have_docker_cli() { command -v docker >/dev/null; }

# engine_answers: asks the engine that a caller of the docker CLI would reach. On failure
# ENGINE_ERROR holds the CLI's words.
ENGINE_ERROR=
engine_answers() {
  ENGINE_ERROR=$(timeout 5 docker version --format '{{.Server.Version}}' 2>&1 >/dev/null)
}

engine_summary() { docker version --format "engine {{.Server.Version}} (API {{.Server.APIVersion}}) at $(endpoint)"; }

endpoint() {
  if [[ -n ${DOCKER_HOST:-} ]]; then
    printf '%s\n' "$DOCKER_HOST"
  elif have_docker_cli; then
    docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || printf '%s\n' "$DEFAULT_ENDPOINT"
  else
    printf '%s\n' "$DEFAULT_ENDPOINT"
  fi
}

is_default_endpoint() { [[ $1 == "$DEFAULT_ENDPOINT" || $1 == unix:///run/docker.sock ]]; }

ensure_engine() {
  local where
  have_docker_cli || install_packages "no docker command" docker.io iptables
  if engine_answers; then
    return
  fi
  where=$(endpoint)
  is_default_endpoint "$where" \
    || die "no engine answers at $where, which DOCKER_HOST or the docker context names: $ENGINE_ERROR; start that engine, or unset DOCKER_HOST and run 'docker context use default' to have one started here"
  [[ $ENGINE_ERROR != *"permission denied"* ]] \
    || die "an engine is there, but user $(id -un) may not use $where; join its group (usermod -aG docker $(id -un), then log in again) or run as root"
  if ! command -v dockerd >/dev/null; then
    install_packages "no Docker engine" docker.io iptables
  fi
  is_root || die "no Docker engine answers at $where and only root can start one; start it (systemctl start docker) or run bin/engine as root"
  start_engine
}

# own_pid: prints the pid of the engine that bin/engine started, if it still runs. The pid
# file alone proves nothing: after a reboot the number may belong to somebody else.
own_pid() {
  local pidfile=${1:-$PIDFILE} pid
  pid=$(cat -- "$pidfile" 2>/dev/null) || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep --fixed-strings --line-regexp --quiet -- "$pidfile" || return 1
  printf '%s\n' "$pid"
}

# runs PID: a process that has ended stays as a zombie where nobody collects it (a container
# without an init), and kill -0 would still find it.
runs() { [[ -r /proc/$1/status ]] && ! grep --quiet '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }

lacks_sys_resource() {
  local bounding
  bounding=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
  (( (0x$bounding >> 24 & 1) == 0 ))
}

# write_runtime FILE RUNC: privileged containers get every capability there is, and runc fails
# with "unable to apply caps" where the machine's bounding set lacks one. This runtime asks
# for all but CAP_SYS_RESOURCE: in the bundle for create, in the process file for exec.
write_runtime() {
  cat >"$1" <<EOS
#!/bin/sh
file=
previous=
for argument in "\$@"; do
  case \$previous in
    --bundle | -b) file=\$argument/config.json ;;
    --process | -p) file=\$argument ;;
  esac
  case \$argument in
    --bundle=*) file=\${argument#*=}/config.json ;;
    --process=*) file=\${argument#*=} ;;
  esac
  previous=\$argument
done
if [ -f "\$file" ]; then
  sed -i -e 's/"CAP_SYS_RESOURCE",//g' -e 's/,\{0,1\}"CAP_SYS_RESOURCE"//g' "\$file"
fi
exec $2 "\$@"
EOS
  chmod 0755 "$1"
}

start_engine() {
  local -a options=(--pidfile "$PIDFILE")
  local pid
  if pid=$(own_pid); then
    say "the engine that bin/engine started (pid $pid) does not answer yet"
    await_engine "$pid" "$DEFAULT_ENDPOINT" "$ENGINE_LOG"
    return
  fi
  pid=$(cat /run/docker.pid 2>/dev/null || true)
  [[ -z $pid || ! -d /proc/$pid ]] \
    || die "a dockerd runs (pid $pid) but does not answer at $DEFAULT_ENDPOINT: $ENGINE_ERROR; see its log (journalctl -u docker), or end it and try again"
  if lacks_sys_resource; then
    write_runtime "$STATE/$RUNTIME" "$(command -v runc || echo runc)"
    options+=(--add-runtime "$RUNTIME=$STATE/$RUNTIME" --default-runtime "$RUNTIME")
  fi
  rm -f -- "$PIDFILE"
  forget_dead_containerd /run/docker/containerd/containerd.pid
  say "starting dockerd, log in $ENGINE_LOG"
  setsid nohup dockerd "${options[@]}" </dev/null >"$ENGINE_LOG" 2>&1 9>&- &
  await_engine "$!" "$DEFAULT_ENDPOINT" "$ENGINE_LOG"
  warn_of_slow_storage
}

# forget_dead_containerd PIDFILE: dockerd takes any process that has the number in this file for
# its containerd, even a zombie or a stranger, waits for it in vain and fails with the misleading
# "timeout waiting for containerd to start".
forget_dead_containerd() {
  local pid
  pid=$(cat -- "$1" 2>/dev/null) || return 0
  if ! runs "$pid" || [[ $(cat -- "/proc/$pid/comm" 2>/dev/null) != containerd ]]; then
    rm -f -- "$1"
  fi
}

# await_engine PID ENDPOINT LOG: until it answers; at most 60 s, and no longer than it lives.
await_engine() {
  local pid=$1 where=$2 log=$3 attempt
  for (( attempt = 0; attempt < 600; attempt++ )); do
    if DOCKER_HOST=$where engine_answers; then
      return
    fi
    runs "$pid" || break
    sleep 0.1
  done
  tail -n 20 -- "$log" >&2
  if runs "$pid"; then
    die "dockerd (pid $pid) does not answer at $where after 60 s: $ENGINE_ERROR; the last lines of $log are above"
  fi
  die "dockerd ended before it answered; the last lines of $log are above (docs/engine.md lists the usual causes)"
}

warn_of_slow_storage() {
  if [[ $(docker info --format '{{.Driver}}') == vfs ]]; then
    say "warning: the storage driver is vfs, which copies every layer; give /var/lib/docker a file system that overlay2 can use (ext4, xfs)"
  fi
}

# end_daemon PIDFILE NAME: dockerd ends its containers on SIGTERM, each within its own stop
# timeout, so this may take a while.
end_daemon() {
  local pidfile=$1 name=$2 pid attempt
  pid=$(own_pid "$pidfile") || return 1
  say "ending $name (pid $pid) and its containers"
  kill -TERM "$pid"
  for (( attempt = 0; attempt < 600; attempt++ )); do
    if ! runs "$pid"; then
      rm -f -- "$pidfile"
      return
    fi
    sleep 0.1
  done
  die "$name (pid $pid) has not ended after 60 s; see its log, or end it with: kill -KILL $pid"
}

stop_engine() {
  stop_all_newer
  if end_daemon "$PIDFILE" "the engine"; then
    say "ended; images and volumes are kept in /var/lib/docker"
    return
  fi
  rm -f -- "$PIDFILE"
  if have_docker_cli && engine_answers; then
    say "the engine at $(endpoint) was not started by bin/engine and is left alone"
  else
    say "no engine runs that bin/engine started"
  fi
}

engine_details() {
  local pid
  docker version --format 'engine          {{.Server.Version}} (API {{.Server.APIVersion}}, at least {{.Server.MinAPIVersion}})'
  printf 'endpoint        %s\n' "$(endpoint)"
  docker info --format $'storage driver  {{.Driver}}\ncgroup version  {{.CgroupVersion}} ({{.CgroupDriver}})\nruntime         {{.DefaultRuntime}}'
  if pid=$(own_pid); then
    printf 'started by      bin/engine (pid %s), log %s\n' "$pid" "$ENGINE_LOG"
  else
    printf 'started by      somebody else\n'
  fi
}
