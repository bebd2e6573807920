# shellcheck shell=bash disable=SC2153,SC2034 # variables of machine.sh
# The images that quickstart and tests need: pulled, else built from the distribution's packages.

readonly BUSYBOX=busybox:latest
# What DinD sessions use by default: an image with a shell, dockerd and the docker CLI.
readonly DIND=docker:dind
# What a DinD session with rootless rights needs: besides, rootlesskit, slirp4netns and newuidmap.
readonly DIND_ROOTLESS=docker:dind-rootless
# Our own build of both. Raise RECIPE with every change of how images are built here.
readonly RECIPE=2
readonly DEBIAN_DIND=docker-workflow/debian-dind:$RECIPE
readonly STAND_IN_LABEL=io.dockerworkflow.stand-in
readonly RECIPE_LABEL=io.dockerworkflow.recipe
readonly BOOTSTRAP_LOG=$STATE/mmdebstrap.log
readonly PROBE_SECONDS=5
readonly PULL_SECONDS=600

# image_state IMAGE: prints "absent", "pulled", or "stand-in RECIPE".
image_state() {
  docker image inspect --format "{{if eq (index .Config.Labels \"$STAND_IN_LABEL\") \"true\"}}stand-in {{index .Config.Labels \"$RECIPE_LABEL\"}}{{else}}pulled{{end}}" "$1" 2>/dev/null || echo absent
}

have_image() {
  local state
  state=$(image_state "$1")
  [[ $state == pulled || $state == "stand-in $RECIPE" ]]
}

have_images() { have_image "$BUSYBOX" && have_image "$DIND" && have_image "$DIND_ROOTLESS"; }

ensure_images() {
  have_image "$BUSYBOX" || pull "$BUSYBOX" || build_busybox
  have_image "$DIND" || pull "$DIND" || build_debian_dind "$DIND"
  have_image "$DIND_ROOTLESS" || pull "$DIND_ROOTLESS" || build_debian_dind "$DIND_ROOTLESS"
}

# Whether a registry answers is found out by the first pull, and remembered: without a network
# a name lookup alone may take its time.
NO_REGISTRY=
pull() {
  local image=$1 progress client waited=0
  [[ -z $NO_REGISTRY ]] || return 1
  progress=$(scratch)/progress
  timeout "$PULL_SECONDS" docker pull "$image" >"$progress" 2>&1 9>&- &
  client=$!
  # The CLI prints "Pulling from" as soon as the registry has sent the manifest.
  until grep --quiet --no-messages 'Pulling from' "$progress" || ! kill -0 "$client" 2>/dev/null; do
    if (( waited++ >= PROBE_SECONDS * 10 )); then
      kill "$client" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  if wait "$client"; then
    say "pulled $image"
    return
  fi
  say "no registry gives $image: $(tail -n 1 -- "$progress")"
  NO_REGISTRY=yes
  return 1
}

# import_image TAG: an image of one layer, from the tar on stdin, marked as a stand-in.
import_image() {
  local imported
  imported=$(scratch)/id
  docker import \
    --change "LABEL $STAND_IN_LABEL=true $RECIPE_LABEL=$RECIPE" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'CMD ["sh"]' \
    - >"$imported"
  replace_tag "$(cat -- "$imported")" "$1"
}

# replace_tag FROM TO: what had the name before was an older stand-in and would stay as a
# nameless image; the engine keeps it where a container still uses it.
replace_tag() {
  local before
  before=$(docker image inspect --format '{{.Id}}' "$2" 2>/dev/null || true)
  docker tag "$1" "$2"
  if [[ -n $before && $before != "$(docker image inspect --format '{{.Id}}' "$2")" ]]; then
    docker image rm "$before" >/dev/null 2>&1 || true
  fi
}

build_busybox() {
  local root applet
  has_static_busybox || install_packages "no static busybox" busybox-static
  say "building $BUSYBOX from the distribution's busybox"
  root=$(scratch)
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp,usr/bin,var/tmp,var/spool/mail,home}
  chmod 1777 "$root/tmp" "$root/var/tmp"
  chmod 0755 "$root"
  cp /bin/busybox "$root/bin/busybox"
  while read -r applet; do
    [[ $applet == busybox ]] || ln "$root/bin/busybox" "$root/bin/$applet"
  done < <(/bin/busybox --list)
  ln -s ../../bin/env "$root/usr/bin/env"
  printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'daemon:x:1:1:daemon:/usr/sbin:/bin/false' 'nobody:x:65534:65534:nobody:/home:/bin/false' >"$root/etc/passwd"
  printf '%s\n' 'root:x:0:' 'daemon:x:1:' 'nobody:x:65534:' >"$root/etc/group"
  tar --create --owner=0 --group=0 --numeric-owner --directory "$root" . | import_image "$BUSYBOX"
}

has_static_busybox() { [[ -x /bin/busybox ]] && ! ldd /bin/busybox >/dev/null 2>&1; }

# build_debian_dind IMAGE: one stand-in serves as either.
build_debian_dind() {
  local image=$1 root
  can_install || die "$image is not there and cannot be pulled; pull it where a registry answers and 'docker save $image | docker load' it here, or run bin/engine as root on Debian or Ubuntu, which builds a stand-in"
  if [[ $(image_state "$DEBIAN_DIND") != "stand-in $RECIPE" ]]; then
    command -v mmdebstrap >/dev/null || install_packages "no mmdebstrap, which builds the stand-in for $image" mmdebstrap
    root=$(scratch)
    say "building $image from the distribution's packages (about half a minute)"
    bootstrap "$root/rootfs.tar" || {
      tail -n 20 -- "$BOOTSTRAP_LOG" >&2
      die "mmdebstrap failed; the last lines of $BOOTSTRAP_LOG are above; check that the mirrors in /etc/apt answer (apt-get update)"
    }
    import_image "$DEBIAN_DIND" <"$root/rootfs.tar"
  fi
  replace_tag "$DEBIAN_DIND" "$image"
}

# distribution_sources: the machine's own sources as one-line entries, only those of the
# distribution itself, so that the image is built from the mirror that this machine uses.
distribution_sources() {
  # shellcheck disable=SC2016 # $(...) is apt's own syntax here
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
    | sed -n -E 's/^(Debian|Ubuntu) (.*)$/deb \2/p' | sort -u
}

# Left out of the image: documentation, programs of docker.io and containerd that dockerd
# does not run, and Perl, which some package drags in for its installation only.
readonly UNWANTED=(
  '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/info/*' '/usr/share/common-licenses/*'
  '/usr/share/bash-completion/*' '/usr/share/zsh/*' '/usr/share/fish/*'
  /usr/bin/ctr /usr/bin/dnet /usr/sbin/ovrouter /usr/bin/containerd-shim /usr/bin/containerd-shim-runc-v1
)

bootstrap() {
  local tar=$1 pattern work
  local -a options=()
  for pattern in "${UNWANTED[@]}"; do
    options+=(--dpkgopt="path-exclude=$pattern")
  done
  work=$(scratch)
  [[ -n $(distribution_sources) ]] || apt-get update --quiet >"$APT_LOG" 2>&1 || true
  distribution_sources >"$work/sources.list"
  # How this machine reaches its mirror, proxies included; none of it stays in the image.
  apt-config dump Acquire::http Acquire::https Acquire::Check-Valid-Until Acquire::Check-Date >"$work/acquire.conf"
  # Setuid newuidmap would be root, which in the daemon's container may not write the map of
  # another user's namespace; with a file capability it stays the user whose namespace it is.
  # shellcheck disable=SC2016 # "$1" is for mmdebstrap's shell
  mmdebstrap --mode=root --variant=essential --format=tar \
    --include=docker.io,iptables,iproute2,ca-certificates,mount,rootlesskit,slirp4netns,uidmap,libcap2-bin \
    --hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr \
    --aptopt="$work/acquire.conf" --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt=force-unsafe-io "${options[@]}" \
    --customize-hook='chmod u-s "$1"/usr/bin/new[ug]idmap && chroot "$1" setcap cap_setuid=ep /usr/bin/newuidmap && chroot "$1" setcap cap_setgid=ep /usr/bin/newgidmap' \
    --customize-hook='cd "$1" && rm -rf usr/share/perl usr/lib/*/perl usr/lib/*/libperl.so* usr/lib/*/gconv etc/apt/sources.list* etc/apt/apt.conf.d/99* var/log/* var/cache/*' \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$tar" "$work/sources.list" >"$BOOTSTRAP_LOG" 2>&1 9>&-
}

image_details() {
  local image state result=0
  for image in "$BUSYBOX" "$DIND" "$DIND_ROOTLESS"; do
    state=$(image_state "$image")
    printf 'image           %s: %s\n' "$image" "$state"
    have_image "$image" || result=1
  done
  return "$result"
}
