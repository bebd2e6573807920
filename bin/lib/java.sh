# shellcheck shell=bash
# Builds a module's program on first use or after a change, and starts it without Maven.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly ROOT
# What every program here is made of; a module's own sources come on top.
readonly LIBRARY=(core dood dind fatimage)
# What a program is started by: nothing, or exec.
RUN=()

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

# jar MODULE: prints the module's own jar.
jar() {
  local file newest=
  for file in "$ROOT/$1"/target/docker-workflow-*.jar; do
    [[ $file != *-javadoc.jar && $file != *-sources.jar && $file != *-tests.jar ]] || continue
    [[ -n $newest && $newest -nt $file ]] || newest=$file
  done
  printf '%s\n' "$newest"
}

# build MODULE MAIN-CLASS ARGUMENT...: under a lock, since two callers may find the same change at once.
# Given arguments, runs the program with them once, so that the JVM starts faster from then on.
build() {
  local module=$1 main=$2 target=$ROOT/$1/target
  shift 2
  mkdir -p -- "$target"
  exec 8>"$target/build.lock"
  flock 8
  if changed_since "$target/class-path" "$module"; then
    command -v mvn >/dev/null || fail "there is no mvn on PATH; bin/engine installs Maven on Debian and Ubuntu"
    printf '%s: building (once, and after a change)\n' "$(basename -- "$0")" >&2
    rm -f -- "$target/class-path" "$target/classes.jsa"
    # The tests are compiled, because modules share them, but they are not run.
    mvn --file "$ROOT/pom.xml" --batch-mode --quiet --projects "$module" --also-make \
      -DskipTests -Dmaven.javadoc.skip -Dspotless.check.skip -Denforcer.skip -Dmdep.analyze.skip package \
      </dev/null >"$target/build.log" 2>&1 8>&- || {
      tail -n 40 -- "$target/build.log" >&2
      fail "the build failed; the whole output is in $target/build.log"
    }
    if (( $# > 0 )); then
      # Whatever comes of it: an archive of the classes that it loaded is written in any case.
      java_of "$module" -XX:ArchiveClassesAtExit="$target/classes.jsa" "$main" "$@" \
        </dev/null >/dev/null 2>&1 8>&- || true
    fi
  fi
  exec 8>&-
}

# java_of MODULE OPTION... MAIN-CLASS ARGUMENT...
java_of() {
  local module=$1
  shift
  # Short-lived programs: the JVM's own start counts for more than the speed of long loops. And
  # what the JVM has to say of its archive would go to standard output, among what is piped on.
  "${RUN[@]}" "$JAVA" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xlog:disable \
    -cp "$(jar "$module"):$(<"$ROOT/$module/target/class-path")" "$@"
}

# start MODULE MAIN-CLASS WARM-UP ARGUMENT...: in place of this shell, so that signals reach the
# program. WARM-UP is a command line in one word, or empty.
start() {
  local module=$1 main=$2 warm_up=$3 archive=()
  shift 3
  find_java
  # shellcheck disable=SC2086 # split on purpose
  if changed_since "$ROOT/$module/target/class-path" "$module"; then build "$module" "$main" $warm_up; fi
  if [[ -s $ROOT/$module/target/classes.jsa ]]; then archive=(-XX:SharedArchiveFile="$ROOT/$module/target/classes.jsa"); fi
  RUN=(exec)
  java_of "$module" "${archive[@]}" "$main" "$@"
}
