# shellcheck shell=bash disable=SC2153 # variables of machine.sh
# Clients and engines of newer Debian releases, and a registry, unpacked beside what is installed:
# nothing is installed, and the machine's own package sources stay as they are. Also more engines of the machine's own version.

# Debian's sid moves, and its mirrors keep no older versions: so the version that the docs and tests speak of is
# named here, and another one is used only with a warning.
readonly NEWEST=sid
readonly NEWEST_VERSION=28.5.2
readonly CLIENTS=$CACHE/clients
readonly REGISTRY=$CACHE/registry
readonly RELEASE_STATE=$STATE/releases

# debian_mirror: the mirror that this machine takes Debian's packages from.
debian_mirror() {
  # shellcheck disable=SC2016 # $(...) is apt's own syntax here
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' \
    | sed -n 's/^Debian Debian //p' | sort -u | head -n 1
}

# unpack_release RELEASE DIRECTORY PACKAGE...: through a private apt configuration that shares
# only how to reach the mirror (proxies) and Debian's keys with the machine's own.
unpack_release() {
  local release=$1 directory=$2 work mirror package
  shift 2
  command -v apt-get >/dev/null || die "$release's packages are unpacked with apt-get, which is not here; run this on Debian"
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || die "no source in /etc/apt is a Debian mirror, or its lists were never fetched; run this on Debian, after apt-get update"
  work=$(scratch)
  mkdir -p "$work"/{state/lists/partial,cache/archives/partial,packages}
  printf 'deb [signed-by=%s] %s %s main\n' "$(debian_keyring)" "$mirror" "$release" >"$work/sources.list"
  local -a private=(
    -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o "Dir::State=$work/state" -o Dir::State::Status=/dev/null -o "Dir::Cache=$work/cache"
    -o APT::Sandbox::User= -o Acquire::Languages=none
  )
  say "fetching $* of Debian $release"
  (cd "$work/packages" && apt-get "${private[@]}" --error-on=any update && apt-get "${private[@]}" download "$@") >"$work/log" 2>&1 9>&- || {
    tail -n 20 -- "$work/log" >&2
    die "fetching $* of Debian $release failed, apt's words are above; a key that is not known: install the newest debian-archive-keyring"
  }
  # Unpacked beside and moved, so that an interrupted run leaves nothing that looks complete.
  mkdir -p -- "$(dirname -- "$directory")"
  rm -rf -- "$directory.new"
  for package in "$work"/packages/*.deb; do
    dpkg --extract "$package" "$directory.new"
  done
  rm -rf -- "$directory.new/usr/share" "$directory"
  mv -- "$directory.new" "$directory"
}

debian_keyring() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [[ -r $keyring ]] || die "$keyring is missing, so packages cannot be verified; apt-get install debian-archive-keyring"
  printf '%s\n' "$keyring"
}

ensure_clients() {
  local plugin
  if [[ ! -x $CLIENTS/usr/bin/docker ]]; then
    unpack_release "$NEWEST" "$CLIENTS" docker-cli docker-compose docker-buildx
  fi
  mkdir -p -- "$CLIENTS/config/cli-plugins"
  for plugin in docker-compose docker-buildx; do
    ln --symbolic --force --no-dereference -- "$CLIENTS/usr/libexec/docker/cli-plugins/$plugin" "$CLIENTS/config/cli-plugins/$plugin"
  done
}

# clients: prints, for eval, the environment that uses them. DOCKER_CONFIG is a directory of its
# own, so that neither contexts nor credentials of the caller leak into what is tried with it.
clients() {
  ensure_clients
  printf 'export DOCKER_CONFIG=%q\n' "$CLIENTS/config"
  printf 'export PATH=%q:"$%s"\n' "$CLIENTS/usr/bin" PATH
}

# registry: prints the path of docker-registry, a registry for tests, of the release that this machine
# runs: its program is linked to the machine's C library. Unpacked only: the package would start one.
registry() {
  local program=$REGISTRY/usr/bin/docker-registry
  # Without waiting for one who builds images, when there is nothing to do.
  [[ -x $program ]] || with_lock
  if [[ ! -x $program ]]; then
    # shellcheck source=/dev/null
    unpack_release "$(. /etc/os-release && echo "${VERSION_CODENAME:-$NEWEST}")" "$REGISTRY" docker-registry
  fi
  printf '%s\n' "$program"
}

# The socket's path is short: a Unix socket's must stay under 108 characters.
newer_run() { printf '/run/docker-workflow-engine/%s' "$1"; }
newer_endpoint() { printf 'unix://%s/docker.sock' "$(newer_run "$1")"; }
newer_bridge() { printf 'dw%s' "$(newer_number "$1")"; }

# A number from the name, for the bridge and its addresses: 10.NUMBER.0.0/16.
newer_number() { echo "$(($(cksum <<<"$1" | cut -d ' ' -f 1) % 80 + 160))"; }

newer() {
  local release='' minimum='' stop='' images='' cgroup2='' store='' name
  while (( $# > 0 )); do
    case $1 in
      --min-api)
        minimum=${2:-}
        [[ $minimum =~ ^1\.[0-9]+$ ]] || die "--min-api takes an API version, such as 1.44"
        shift
        ;;
      --images) images=yes ;;
      --cgroup2) cgroup2=yes ;;
      --containerd-images) store=yes ;;
      stop) stop=yes ;;
      *)
        [[ -z $release && $1 =~ ^[a-z]+$ ]] || die "newer takes one Debian release by its name, such as trixie or sid; see bin/engine help"
        release=$1
        [[ $release != newest ]] || release=$NEWEST
        ;;
    esac
    shift
  done
  [[ -n $release ]] || die "newer takes a Debian release by its name, such as trixie or sid; see bin/engine help"
  is_root || die "only root can start another engine; run bin/engine as root"
  name=$release${minimum:+-min$minimum}${cgroup2:+-cgroup2}${store:+-containerd}
  with_lock
  if [[ -n $stop ]]; then
    stop_newer "$name"
  else
    start_newer "$release" "$name" "$minimum"
    [[ -z $images ]] || ensure_newer_images "$release" "$name"
    note_user "$name"
    warn_of_another_newest "$release"
    printf 'export DOCKER_HOST=%q\n' "$(newer_endpoint "$name")"
  fi
}

# newest: prints which version was unpacked, which is the one that tests run on.
newest() {
  local version
  version=$(unpacked_newest) || return 0
  printf 'newest engine: %s, of Debian %s; docs/engine.md tells what was run on %s\n' "$version" "$NEWEST" "$NEWEST_VERSION"
}

unpacked_newest() { "$CACHE/releases/$NEWEST/usr/sbin/dockerd" --version 2>/dev/null | sed -n 's/^Docker version \([^,]*\),.*/\1/p' | grep .; }

warn_of_another_newest() {
  local version
  [[ $1 == "$NEWEST" ]] || return 0
  version=$(unpacked_newest)
  [[ $version == "$NEWEST_VERSION"* ]] \
    || say "warning: Debian $NEWEST has engine $version now; docs/engine.md tells what was run on $NEWEST_VERSION (NEWEST_VERSION in bin/lib/releases.sh)"
}

# beside NUMBER: another engine of the version that is installed, which holds the images that tests need. Tests that must not
# see each other's containers, images and events run at the same time, each part on an engine of its own.
beside() {
  local number=${1:-} name
  [[ $number =~ ^[2-9]$ && ( $# == 1 || ( $# == 2 && $2 == stop ) ) ]] \
    || die "beside takes a number from 2 to 9, and at most 'stop' after it; see bin/engine help"
  is_root || die "only root can start another engine; run bin/engine as root"
  command -v dockerd >/dev/null || die "no dockerd is installed here, so none can be started beside the engine; run bin/engine first"
  name=beside-$number
  with_lock
  if (( $# == 2 )); then
    stop_newer "$name"
    return
  fi
  start_newer '' "$name" ''
  ensure_beside_images "$name"
  note_user "$name"
  printf 'export DOCKER_HOST=%q\n' "$(newer_endpoint "$name")"
}

# What the main engine has under these names, in one archive, since the two of DinD are often one image.
ensure_beside_images() {
  local where image
  local -a absent=()
  where=$(newer_endpoint "$1")
  for image in "$DIND" "$DIND_ROOTLESS"; do
    docker --host "$where" image inspect "$image" >/dev/null 2>&1 || absent+=("$image")
  done
  (( ${#absent[@]} == 0 )) || docker --host "$DEFAULT_ENDPOINT" save "${absent[@]}" | docker --host "$where" load >/dev/null
}

# note_user NAME: whoever asked for an engine has it for as long as that process runs. A process is told from a later one with
# the same number by the time of its start.
note_user() {
  local state=$RELEASE_STATE/$1
  mkdir -p -- "$state/users"
  started_at "$PPID" >"$state/users/$PPID" || true
}

# started_at PID: in clock ticks since the machine's start; the name before may hold spaces and brackets.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

is_used() {
  local note started
  for note in "$RELEASE_STATE/$1/users"/*; do
    [[ -e $note ]] || continue
    started=$(started_at "$(basename -- "$note")" || true)
    if [[ -n $started && $started == "$(cat -- "$note")" ]]; then
      return 0
    fi
  done
  return 1
}

# end_unused: ends the engines that "newer" and "beside" started for processes which have all ended. The caller needs none any more.
end_unused() {
  local state name
  is_root || return 0
  with_lock
  for state in "$RELEASE_STATE"/*/; do
    name=$(basename -- "$state")
    rm -f -- "$state/users/$PPID"
    if [[ -d $state/users ]] && ! is_used "$name"; then
      stop_newer "$name"
    fi
  done
}

# start_newer RELEASE NAME MINIMUM: without a release, one of the version that is installed.
start_newer() {
  local release=$1 name=$2 minimum=$3 where run log path=$PATH
  local unpacked=$CACHE/releases/$release
  local state=$RELEASE_STATE/$name
  where=$(newer_endpoint "$name")
  run=$(newer_run "$name")
  log=$state/dockerd.log
  # An engine that refuses old clients needs the newest one even to be asked for its version.
  if [[ -n $release ]]; then
    ensure_clients
    export PATH=$CLIENTS/usr/bin:$PATH
    path=$unpacked/usr/sbin:$unpacked/usr/bin:$PATH
  fi
  if DOCKER_HOST=$where engine_answers; then
    say "engine $name answers at $where"
    return
  fi
  # Started on the data of an engine that was killed, a dockerd with address pools of its own deletes
  # the stored network "bridge" and with it the interface docker0, whatever its bridge is called
  # (moby's configureNetworking, seen with 28.5.2): the main engine would lose its own.
  clear_newer "$name" || true
  command -v runc >/dev/null || install_packages "no runc" runc
  command -v docker-init >/dev/null || install_packages "no docker-init" docker.io
  if [[ -n $release && ! -x $unpacked/usr/sbin/dockerd ]]; then
    unpack_release "$release" "$unpacked" docker.io containerd
  fi
  mkdir -p -- "$state/bin" "$state/data" "$run"
  chmod 0711 "$run"
  # The newer release's runc does not run on an older C library, and BuildKit inside dockerd runs
  # the runc that it finds on PATH, whichever runtime is registered: so the machine's own is first.
  if lacks_sys_resource; then
    write_runtime "$state/bin/runc" "$(command -v runc)"
  else
    ln --symbolic --force -- "$(command -v runc)" "$state/bin/runc"
  fi
  # What /etc/docker/daemon.json says is meant for the main engine.
  if [[ $name == *-containerd ]]; then
    echo '{"features": {"containerd-snapshotter": true}}' >"$state/daemon.json"
  else
    echo '{}' >"$state/daemon.json"
  fi
  rm -f -- "$state/dockerd.pid"
  make_bridge "$name"
  [[ $name != *-cgroup2* ]] || make_group "$name"
  run_newer "$name" "$state/bin:$path" "$minimum" "$log"
  await_engine "$!" "$where" "$log"
  docker --host "$DEFAULT_ENDPOINT" save "$BUSYBOX" | docker --host "$where" load >/dev/null
  say "engine $name ($(docker --host "$where" version --format '{{.Server.Version}}, API {{.Server.APIVersion}}')) answers, log in $log"
}

# ensure_newer_images RELEASE NAME: what tests need beside busybox. A stand-in for docker:dind gets the dockerd of that
# release, and the newest docker CLI: an older one is refused by an engine that takes only newer clients.
ensure_newer_images() {
  local release=$1 unpacked=$CACHE/releases/$1 work
  local label=io.dockerworkflow.release
  export DOCKER_HOST
  DOCKER_HOST=$(newer_endpoint "$2")
  if ! have_images && [[ $(DOCKER_HOST=$DEFAULT_ENDPOINT image_state "$DEBIAN_DIND") == "stand-in $RECIPE" ]]; then
    docker --host "$DEFAULT_ENDPOINT" save "$DEBIAN_DIND" | docker load >/dev/null
  fi
  ensure_images
  [[ $(image_state "$DIND") != pulled ]] || return 0
  [[ $(docker image inspect --format "{{index .Config.Labels \"$label\"}}" "$DIND") != "$release" ]] || return 0
  say "building $DIND with the daemon of Debian $release"
  work=$(scratch)
  printf 'FROM %s\nCOPY usr /usr\nLABEL %s=%s\n' "$DEBIAN_DIND" "$label" "$release" >"$work/Dockerfile"
  tar --create --directory "$work" Dockerfile --directory "$unpacked" usr/bin usr/sbin --directory "$CLIENTS" usr/bin/docker \
    | DOCKER_BUILDKIT=0 docker build --tag "$DIND" --tag "$DIND_ROOTLESS" - >"$work/log" 2>&1 || {
      tail -n 20 -- "$work/log" >&2
      die "building $DIND failed, docker's words are above"
    }
}

# The machine's iptables belong to the main engine: a second one that writes them would flush its
# chains. Without rules of their own, published ports work (docker-proxy), containers on one network
# reach each other by the rule below, and nothing outside is reached.
run_newer() {
  local name=$1 path=$2 minimum=$3 log=$4 number state run
  number=$(newer_number "$name")
  state=$RELEASE_STATE/$name
  run=$(newer_run "$name")
  local -a within=()
  if [[ $name == *-cgroup2* ]]; then
    # shellcheck disable=SC2016 # "$1" is for these shells
    within=(sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$(newer_group "$name")"
      unshare --mount --cgroup sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh)
  fi
  PATH=$path DOCKER_MIN_API_VERSION=$minimum setsid nohup "${within[@]}" dockerd \
    --pidfile "$state/dockerd.pid" --data-root "$state/data" --exec-root "$run/exec" \
    --host "$(newer_endpoint "$name")" --bridge "$(newer_bridge "$name")" \
    --default-address-pool "base=10.$number.0.0/17,size=24" \
    --iptables=false --ip6tables=false --config-file "$state/daemon.json" \
    </dev/null >"$log" 2>&1 9>&- &
}

# newer_group NAME: where an engine with cgroup v2 has its groups. A machine whose controllers belong to cgroup v1 often has
# an empty hierarchy of v2 beside them: enough for all but limits.
newer_group() { printf '%s/docker-workflow-%s' "$(findmnt --noheadings --types cgroup2 --output TARGET --first-only)" "$1"; }

make_group() {
  [[ -n $(findmnt --types cgroup2) ]] || die "this machine has no cgroup v2 mounted (findmnt -t cgroup2); leave --cgroup2 out"
  mkdir -p -- "$(newer_group "$1")"
}

make_bridge() {
  local bridge
  bridge=$(newer_bridge "$1")
  [[ -d /sys/class/net/$bridge ]] || ip link add name "$bridge" type bridge
  ip address replace "10.$(newer_number "$1").255.1/24" dev "$bridge"
  ip link set "$bridge" up
  bridged_rule --check "$1" || bridged_rule --insert "$1" \
    || say "warning: iptables takes no rule for $bridge; containers of engine $1 may not reach each other"
}

# bridged_rule COMMAND NAME: the main engine sets the policy of FORWARD to DROP, which also holds for
# what passes a bridge where br_netfilter is loaded. DOCKER-USER is the chain that it leaves to others.
bridged_rule() {
  local command=$1 range chain=DOCKER-USER
  range=10.$(newer_number "$2").0.0/16
  iptables --wait --list-rules "$chain" >/dev/null 2>&1 || chain=FORWARD
  iptables --wait "$command" "$chain" -s "$range" -d "$range" -m physdev --physdev-is-bridged -j ACCEPT 2>/dev/null
}

stop_all_newer() {
  local state
  for state in "$RELEASE_STATE"/*/; do
    [[ ! -d $state ]] || stop_newer "$(basename -- "$state")"
  done
}

stop_newer() {
  clear_newer "$1" || say "engine $1 does not run"
}

# clear_newer NAME: ends the engine and removes all that it has; fails where none ran.
clear_newer() {
  local name=$1 state=$RELEASE_STATE/$1 run bridge mounted ran=0
  run=$(newer_run "$name")
  bridge=$(newer_bridge "$name")
  end_daemon "$state/dockerd.pid" "engine $name" || ran=1
  for mounted in "$state" "$run"; do
    # Deepest first; an engine that was killed leaves its mounts.
    awk -v below="$mounted/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | sort --reverse | xargs --no-run-if-empty umount --lazy --
    rm -rf -- "$mounted"
  done
  bridged_rule --delete "$name" || true
  if [[ $name == *-cgroup2* && -d $(newer_group "$name") ]]; then
    find "$(newer_group "$name")" -depth -type d -exec rmdir -- {} + || true
  fi
  [[ ! -d /sys/class/net/$bridge ]] || ip link delete "$bridge"
  return "$ran"
}
