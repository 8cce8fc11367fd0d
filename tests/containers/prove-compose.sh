#!/bin/bash
# Proves compose.yaml: builds the images, starts the whole platform on free ports beside any other, orders a film through
# the gateway until the order is CONFIRMED, looks at how the services run and stop, and removes everything again.
# Needs docker with compose, curl, and the jars (make build). Images of the stores as in compose.yaml.
set -euo pipefail
cd "$(dirname "$0")/../.."
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
free_port() { # below the ephemeral range
  local port
  while :; do
    port=$((15000 + RANDOM % 15000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
export COMPOSE_PROJECT_NAME=gatehouse-proof-$$ COMPOSE_PROFILES=services
GATEHOUSE_GATEWAY_PORT=$(free_port) GATEHOUSE_ISSUER_PORT=$(free_port) GATEHOUSE_POSTGRES_PORT=$(free_port)
GATEHOUSE_REDIS_PORT=$(free_port) GATEHOUSE_AMQP_PORT=$(free_port)
export GATEHOUSE_GATEWAY_PORT GATEHOUSE_ISSUER_PORT GATEHOUSE_POSTGRES_PORT GATEHOUSE_REDIS_PORT GATEHOUSE_AMQP_PORT
gateway=http://127.0.0.1:$GATEHOUSE_GATEWAY_PORT
services="gateway inventory-service billing-service"
passed=0

check() { # what is claimed, then the command that shows it
  local claim=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok   $claim"
  else
    echo "FAIL $claim" >&2
    docker compose logs --tail 40 >&2
    exit 1
  fi
}
trap 'docker compose down --volumes --timeout 60 >/dev/null 2>&1' EXIT

call() { # arguments of curl; a service that asks to be tried again is, for a minute
  curl -sS --fail --retry 12 --retry-delay 5 --retry-connrefused -H "Authorization: Bearer $token" "$@"
}

build() {
  local output
  output=$(docker compose build 2>&1) || { echo "$output" >&2; return 1; }
}

check "compose.yaml is valid" docker compose config --quiet
check "the images build" build
check "every container is healthy" docker compose --progress quiet up --wait

token=$(docker compose exec -T outside java dev.gatehouse.devstack.supervisor.Outside token customer)
film=$(call "$gateway/api/films?q=godfather&limit=1" | sed 's/.*"items":\[{"id":"\([^"]*\)".*/\1/')
check "the gateway finds a film" grep -qxE '[0-9a-f-]{36}' <<<"$film"
call -X PUT "$gateway/api/cart/items/$film" -H 'Content-Type: application/json' -d '{"quantity": 1}' >/dev/null
place() {
  call -X POST "$gateway/api/orders" -H "Idempotency-Key: \"proof-$$\"" -H 'Prefer: wait=30' \
    -H 'Content-Type: application/json' -d '{"paymentMethod": "pm_card_visa"}'
}
order=$(place | sed 's/^{"id":"\([^"]*\)".*/\1/')
confirmed() { call "$gateway/api/orders/$order" | grep -q "^{\"id\":\"$order\",\"state\":\"CONFIRMED\""; }
confirmed_soon() {
  for _ in $(seq 60); do
    if confirmed; then return; fi
    sleep 1
  done
  return 1
}
check "an order ends in CONFIRMED" confirmed_soon

for service in $services outside; do
  # shellcheck disable=SC2016 # for the shell in the container
  check "$service is not root and cannot write to its image" docker compose exec -T "$service" \
    sh -c '[ "$(id -u)" != 0 ] && ! touch /file 2>/dev/null'
done

docker compose --progress quiet restart postgres redis rabbitmq
check "the stores come back" docker compose --progress quiet up --wait
check "the order outlives their restart" confirmed_soon

for service in $services; do
  begin=$SECONDS
  container=$(docker compose ps -q "$service")
  docker compose --progress quiet stop "$service"
  code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
  # 128 + SIGTERM; 137 would be the engine's SIGKILL at the end of the grace period.
  check "$service ends on SIGTERM, after $((SECONDS - begin)) s, with $code" [ "$code" = 143 ]
done

echo "$passed passed, 0 failed"
