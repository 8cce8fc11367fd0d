#!/usr/bin/env bash
# The devstack's command line: finds the JDK, runs the program from its extracted jar, and lets `up` go on in the
# background once the platform is ready.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
home=${GATEHOUSE_HOME:-$root/.devstack}
case $home in /*) ;; *) home=$PWD/$home ;; esac
export GATEHOUSE_HOME="$home"
command=${1:-help}

if [ "$command" = logs ]; then
  if [ ! -d "$home/logs" ]; then
    echo "There are no logs yet: make dev-up starts the platform." >&2
    exit 1
  fi
  if [ -n "${2:-}" ] && [ ! -f "$home/logs/$2.log" ]; then
    echo "There is no log of $2; there are: $(cd "$home/logs" && printf '%s ' *.log)" >&2
    exit 1
  fi
  if [ -n "${2:-}" ]; then
    exec tail -n 200 -F "$home/logs/$2.log"
  fi
  exec tail -n 20 -F "$home"/logs/*.log
fi

java_home=$("$here/find-jdk.sh")
java=$java_home/bin/java

for jar in "$here"/target/devstack-*-exec.jar; do :; done
if [ ! -f "$jar" ]; then
  echo "The devstack is not built: run make build." >&2
  exit 1
fi
layout=$here/target/layout
# By the time of the inode's change: the build gives all jars the same modification time.
if [ ! -f "$layout/.built" ] || [ -n "$(find "$jar" -cnewer "$layout/.built")" ]; then
  fresh=$here/target/layout.$$
  "$java" -XX:TieredStopAtLevel=1 -Djarmode=tools -jar "$jar" extract --destination "$fresh" >/dev/null
  touch "$fresh/.built"
  rm -rf "$layout"
  mv "$fresh" "$layout"
fi
program=$layout/$(basename "$jar")
cache=$here/target/devstack.aot

# The same options for making the start-up cache and for using it.
run() {
  log=$1
  shift
  # The JVM's own warnings go to standard output, where a token may be all that is expected.
  exec "$java" -Xlog:disable "-Dgatehouse.home=$home" -Xmx224m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true \
    "-Dlogback.configurationFile=dev/gatehouse/devstack/$log-logback.xml" "$@"
}
cached() {
  if [ "${AOT:-on}" != off ] && [ -f "$cache" ] && [ ! "$layout/.built" -nt "$cache" ]; then
    echo "-XX:AOTCache=$cache"
  else
    echo "-Xshare:auto"
  fi
}

cd "$root"
case $command in
  up)
    mkdir -p "$home/logs"
    chmod 700 "$home"
    progress=$home/logs/progress.log
    : >"$progress"
    # A session of its own: closing the terminal must not end the platform.
    setsid "$0" foreground >"$progress" 2>&1 </dev/null &
    program_pid=$!
    trap 'kill "$program_pid" 2>/dev/null; wait "$program_pid" 2>/dev/null; echo "Stopped." >&2; exit 130' INT TERM
    exec 3<"$progress"
    while :; do
      alive=yes
      kill -0 "$program_pid" 2>/dev/null || alive=no
      while IFS= read -r line <&3; do
        if [ "$line" = --ready-- ]; then
          exit 0
        fi
        printf '%s\n' "$line"
      done
      if [ "$alive" = no ]; then
        result=0
        wait "$program_pid" || result=$?
        exit "$result"
      fi
      sleep 0.1
    done
    ;;
  foreground)
    run supervisor "$(cached)" -cp "$program" dev.gatehouse.devstack.Devstack up
    ;;
  prepare)
    "$0" extract
    if [ "${AOT:-on}" != off ]; then
      echo "Making the start-up caches: the platform runs once (about a minute; AOT=off does without)"
      # The JVM talks a lot meanwhile.
      if "$0" train >"$here/target/train.log" 2>&1; then
        grep '^The start-up caches' "$here/target/train.log"
      else
        echo "No start-up caches were made; the platform only starts more slowly. The reason is in $here/target/train.log" >&2
      fi
    fi
    ;;
  extract)
    run silent "$(cached)" -cp "$program" dev.gatehouse.devstack.Devstack prepare
    ;;
  train)
    rm -f "$cache"
    run silent "-XX:AOTCacheOutput=$cache" -cp "$program" dev.gatehouse.devstack.Devstack train
    ;;
  bench)
    run supervisor "$(cached)" -cp "$program" dev.gatehouse.devstack.Devstack bench
    ;;
  *)
    run silent "$(cached)" -cp "$program" dev.gatehouse.devstack.Devstack "$@"
    ;;
esac
