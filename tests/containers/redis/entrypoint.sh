#!/bin/bash
# Options alone are options of the server, as in the official images; they have protected mode off too.
set -euo pipefail
case "${1:-}" in -*) set -- redis-server "$@" ;; esac
[ "$1" = redis-server ] || exec "$@"
shift
chown redis:redis /data
exec setpriv --reuid=redis --regid=redis --init-groups redis-server --protected-mode no "$@"
