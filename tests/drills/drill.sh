#!/usr/bin/env bash
# Runs drills on a platform of their own; see Drills for the settings.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
java=$("$here/../../devstack/find-jdk.sh")/bin/java
exec "$java" -Xmx768m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dlogback.configurationFile=drills-logback.xml -cp "$here/target/classes:$(cat "$here/target/class-path")" dev.gatehouse.drills.Drills
