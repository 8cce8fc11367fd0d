#!/bin/bash
# Everything runs as rabbitmq: the server, and the diagnostics a health check starts with docker exec (the same cookie).
set -euo pipefail
if [ "$(id -u)" = 0 ] && [ "$1" = rabbitmq-server ]; then
  chown -R rabbitmq:rabbitmq /var/lib/rabbitmq
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$@"
fi
exec "$@"
