#!/bin/bash
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_HOST_AUTH_METHOD and /docker-entrypoint-initdb.d, as the
# official image has them. The first start runs the server twice (once for the scripts), so that whoever waits for the
# second "ready to accept connections" line waits for the right one.
set -euo pipefail
[ "${1:-postgres}" = postgres ] || exec "$@"
if [ "$(id -u)" = 0 ]; then
  chown postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
    echo "Set POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust." >&2
    exit 1
  fi
  password_file=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:-unused}" >"$password_file"
  initdb --username="$user" --pwfile="$password_file" --encoding=UTF8 --auth-local=trust --auth-host="$method"
  rm "$password_file"
  echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses='' -k /run/postgresql" start
  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE :"name";\n' |
      psql -v ON_ERROR_STOP=1 -v name="$database" -h /run/postgresql -U "$user" -d postgres
  fi
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
      *.sql) echo "Running $script"; psql -v ON_ERROR_STOP=1 -h /run/postgresql -U "$user" -d "$database" -f "$script" ;;
      *.sh) echo "Running $script"; bash "$script" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -w -m fast stop
fi
shift
exec postgres -D "$PGDATA" -c listen_addresses='*' -k /run/postgresql "$@"
