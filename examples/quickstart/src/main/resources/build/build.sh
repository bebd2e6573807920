#!/bin/sh
# The build step: it needs the tools of its image, and for its test a container of its own,
# where there is a Docker.
set -eu

echo "building as $(id -u):$(id -g) in $PWD: $(wc -w <words.txt) words"

if docker version >/dev/null; then
  docker run --rm --name greeter busybox echo "tested in a container of the build's own, named greeter"
else
  greet
fi
