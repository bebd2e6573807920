# shellcheck shell=bash
# Builds a module's program on first use or after a change, and starts it without Maven.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly ROOT
# What every program here is made of; a module's own sources come on top.
readonly LIBRARY=(core dood dind fatimage)

fail() {
  printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
  exit 125
}

# find_java: sets JAVA.
find_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    JAVA=$JAVA_HOME/bin/java
    [[ -x $JAVA ]] || fail "JAVA_HOME is $JAVA_HOME, where there is no bin/java; unset it or let it name a JDK 17 or newer"
  else
    JAVA=$(command -v java) || fail "there is no java on PATH; bin/engine installs a JDK on Debian and Ubuntu"
  fi
}

# changed_since STAMP MODULE: whether a source is newer. A deleted file changes its directory.
changed_since() {
  local stamp=$1 module sources=("$ROOT/pom.xml" "$ROOT/examples/pom.xml")
  [[ -s $stamp ]] || return 0
  for module in "${LIBRARY[@]}" "$2"; do
    sources+=("$ROOT/$module/pom.xml" "$ROOT/$module/src/main")
    [[ $module != "$2" ]] || continue
    compgen -G "$ROOT/$module/target/docker-workflow-$module-*.jar" >/dev/null || return 0
  done
  [[ -n $(find "${sources[@]}" -newer "$stamp" -print -quit) ]]
}

# build MODULE: under a lock, since two callers may find the same change at once.
build() {
  local module=$1 stamp=$ROOT/$1/target/class-path log=$ROOT/$1/target/build.log
  mkdir -p -- "$ROOT/$module/target"
  exec 8>"$ROOT/$module/target/build.lock"
  flock 8
  if changed_since "$stamp" "$module"; then
    command -v mvn >/dev/null || fail "there is no mvn on PATH; bin/engine installs Maven on Debian and Ubuntu"
    printf '%s: building (once, and after a change)\n' "$(basename -- "$0")" >&2
    rm -f -- "$stamp"
    # The tests are compiled, because modules share them, but they are not run.
    mvn --file "$ROOT/pom.xml" --batch-mode --quiet --projects "$module" --also-make \
      -DskipTests -Dmaven.javadoc.skip -Dspotless.check.skip -Denforcer.skip package </dev/null >"$log" 2>&1 8>&- || {
      tail -n 40 -- "$log" >&2
      fail "the build failed; the whole output is in $log"
    }
  fi
  exec 8>&-
}

# start MODULE MAIN-CLASS ARGUMENT...: in place of this shell, so that signals reach the program.
start() {
  local module=$1 main=$2 stamp=$ROOT/$1/target/class-path
  shift 2
  find_java
  if changed_since "$stamp" "$module"; then build "$module"; fi
  # Short-lived: less time for the JVM's own start counts for more than the speed of long loops.
  exec "$JAVA" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
    -cp "$ROOT/$module/target/classes:$(<"$stamp")" "$main" "$@"
}
