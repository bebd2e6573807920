# shellcheck shell=bash
# What the machine has and lacks: messages, the lock, packages, JDK and Maven.

readonly JDK_AT_LEAST=17
readonly MAVEN_AT_LEAST=3.8
# shellcheck disable=SC2034 # for releases.sh
readonly CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/docker-workflow
readonly STATE=/var/lib/docker-workflow-engine
readonly APT_LOG=$STATE/apt.log

# Messages go to stderr: stdout is for what a caller may want to use.
say() { printf 'engine: %s\n' "$*" >&2; }

die() {
  printf 'engine: %s\n' "$*" >&2
  exit 1
}

# scratch: prints a new directory, which goes when the script ends.
SCRATCH=$(mktemp --directory --tmpdir docker-workflow-engine.XXXXXX)
readonly SCRATCH
trap 'rm -rf -- "$SCRATCH"' EXIT
scratch() { mktemp --directory --tmpdir="$SCRATCH"; }

is_root() { (( EUID == 0 )); }

# Two callers at once (bin/test and bin/quickstart) must not start two engines. Only root can
# start one or install anything, so only root's callers take turns. Whatever outlives this
# script has to be started with 9>&-, or it would keep the lock.
with_lock() {
  is_root || return 0
  mkdir -p -- "$STATE"
  exec 9>>"$STATE/lock"
  if ! flock --nonblock 9; then
    say "another bin/engine is at work, waiting for it"
    flock --timeout 900 9 || die "another bin/engine still holds $STATE/lock after 15 minutes; end it and try again"
  fi
}

# can_install: whether this script may install the distribution's packages.
can_install() { is_root && [[ -e /etc/debian_version ]] && command -v apt-get >/dev/null; }

# install_packages WHY PACKAGE...
install_packages() {
  local why=$1
  shift
  can_install || die "$why; install it (on Debian and Ubuntu: apt-get install $*), or run bin/engine as root on Debian or Ubuntu, which does that"
  say "$why: installing $*"
  mkdir -p -- "$STATE"
  without_service_start apt_install "$@" || {
    tail -n 20 -- "$APT_LOG" >&2
    die "apt-get install $* failed; the whole output is in $APT_LOG"
  }
}

# The lists are fetched only where what is there does not do: absent, or so old that the
# mirror no longer has the files that they name.
apt_install() {
  local -a install=(apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=300 "$@")
  export DEBIAN_FRONTEND=noninteractive
  {
    "${install[@]}" || { apt-get update --quiet && "${install[@]}"; }
  } >"$APT_LOG" 2>&1 </dev/null 9>&-
}

# Without systemd, a package's old init script may start a daemon of its own with its own
# options while the package is being installed. policy-rc.d is Debian's way to forbid it.
without_service_start() {
  local policy=/usr/sbin/policy-rc.d result=0
  if [[ -d /run/systemd/system || -e $policy ]]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 0755 "$policy"
  "$@" || result=$?
  rm -f -- "$policy"
  return "$result"
}

# version_at_least HAVE WANTED
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort --version-sort | head -n 1) == "$2" ]]; }

# The JDK's release file and the name of Maven's core jar tell the versions; asking the
# tools themselves would cost half a second at every call.
jdk_version() {
  local javac home
  javac=$(command -v javac || true)
  if [[ -n ${JAVA_HOME:-} ]]; then javac=$JAVA_HOME/bin/javac; fi
  [[ -x $javac ]] || return 1
  home=$(dirname -- "$(dirname -- "$(readlink -f -- "$javac")")")
  if [[ -r $home/release ]]; then
    sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$home/release"
  else
    "$javac" -version 2>&1 | sed -n 's/^javac //p'
  fi
}

maven_version() {
  local mvn home jar
  mvn=$(command -v mvn) || return 1
  home=$(dirname -- "$(dirname -- "$(readlink -f -- "$mvn")")")
  for jar in "$home"/lib/maven-core-[0-9]*.jar; do
    # Debian's jar is a link named 3.x to one with the version in its name.
    jar=$(basename -- "$(readlink -f -- "$jar")" .jar)
    if [[ $jar =~ ([0-9]+(\.[0-9]+)+)$ ]]; then
      printf '%s\n' "${BASH_REMATCH[1]}"
      return
    fi
  done
  "$mvn" --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p'
}

have_jdk() {
  local version
  version=$(jdk_version) && version_at_least "$version" "$JDK_AT_LEAST"
}

have_maven() {
  local version
  version=$(maven_version) && version_at_least "$version" "$MAVEN_AT_LEAST"
}

ensure_tools() {
  if ! have_jdk; then
    [[ -z ${JAVA_HOME:-} ]] \
      || die "JAVA_HOME is $JAVA_HOME, which is no JDK $JDK_AT_LEAST or newer; unset it or let it name one"
    install_packages "no JDK $JDK_AT_LEAST or newer" openjdk-17-jdk-headless
    have_jdk || die "javac on PATH is still older than $JDK_AT_LEAST after the installation; set JAVA_HOME to the newer JDK (ls /usr/lib/jvm)"
  fi
  if ! have_maven; then
    install_packages "no Maven $MAVEN_AT_LEAST or newer" maven
    have_maven || die "mvn on PATH is still older than $MAVEN_AT_LEAST after the installation; put the newer one first on PATH"
  fi
}

tool_details() {
  local result=0
  printf 'JDK             %s\n' "$(jdk_version || echo none)"
  printf 'Maven           %s\n' "$(maven_version || echo none)"
  have_jdk && have_maven || result=1
  return "$result"
}
