#!/bin/sh
# Prints the home of a JDK 25 or newer: JAVA_HOME if it is one, else the newest in the usual folders.
is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${major:-0}" -ge 25 ]
}
if [ -n "${JAVA_HOME:-}" ] && is_jdk25 "$JAVA_HOME"; then
  echo "$JAVA_HOME"
  exit 0
fi
for home in /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/java/* /opt/jdk*; do
  if is_jdk25 "$home"; then
    echo "$home"
    exit 0
  fi
done
java=$(command -v java 2>/dev/null) && home=$(dirname "$(dirname "$(readlink -f "$java")")") && is_jdk25 "$home" && echo "$home" && exit 0
echo 'Gatehouse needs JDK 25: install it (SDKMAN: "sdk install java 25-tem", Debian: "apt-get install temurin-25-jdk") or set JAVA_HOME to it.' >&2
exit 1
