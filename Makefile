# Gatehouse's front door for people; Maven does the building.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Settings a caller may give: make dev-up PORTS=free, make test BROKER=rabbitmq REDIS=installed, make token ROLE=operator
PORTS  ?= default
BROKER ?= embedded
REDIS  ?= auto
STORES ?= embedded
ROLE   ?= customer
NAME   ?=
SEEDS  ?= 100000
SEED   ?=
AOT    ?= on
export PORTS BROKER REDIS STORES AOT NAME

JAVA_HOME := $(shell devstack/find-jdk.sh 2>/dev/null)
export JAVA_HOME
MVN := mvn -B -ntp
# Names single tests: the modules that have none of them only build.
ONLY := -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
SOURCES := $(shell find pom.xml devstack/pom.xml */pom.xml */src/main -type f 2>/dev/null)

##@ Run
.PHONY: dev-up
dev-up: target/built ## Start the whole platform on this machine; ends when a request through the gateway has succeeded
	@devstack/devstack.sh up

.PHONY: dev-down
dev-down: tools ## Stop it; no process stays
	@devstack/devstack.sh down

.PHONY: dev-status
dev-status: tools ## Show every part: state, pid, port
	@devstack/devstack.sh status

.PHONY: dev-logs
dev-logs: tools ## Follow the logs; PART=billing-service for one part
	@devstack/devstack.sh logs $(PART)

.PHONY: dev-reset
dev-reset: tools ## Stop it and delete its data (films, orders, keys, generated credentials)
	@devstack/devstack.sh reset

.PHONY: token
token: tools ## Print an access token; ROLE=customer|catalogue-manager|operator
	@devstack/devstack.sh token $(ROLE)

##@ Verify
.PHONY: test
test: tools ## Run every test on real stores; BROKER=rabbitmq, REDIS=installed or STORES=containers choose others
	$(MVN) verify

.PHONY: integration-test
integration-test: tools ## Run only the tests that stand on stores and broker; same choices as test
	$(MVN) verify -pl devstack,inventory-service,billing-service $(ONLY) -Dtest=None

.PHONY: simulate
simulate: tools ## Play 100,000 seeded histories of order handling; SEEDS=n plays n, SEED=x replays one and shows it
	$(MVN) -q -pl billing-service -am test $(ONLY) -Dtest=OrderSimulationTests $(if $(SEED),-Dsimulation.seed=$(SEED),-Dsimulation.seeds=$(SEEDS))

.PHONY: lint
lint: tools ## Check formatting and the repository's own rules
	$(MVN) -q spotless:check
	$(MVN) -q -pl tests/e2e -am test $(ONLY) -Dtest='RepositoryTests,PostmanCollectionTests'

.PHONY: format
format: tools ## Format the Java sources
	$(MVN) -q spotless:apply

.PHONY: smoke
smoke: tools ## Run the Postman collection headless through the gateway of the running platform
	@command -v npm >/dev/null || { echo "make smoke needs Node.js 20 or newer: install it (Debian: apt-get install nodejs npm)." >&2; exit 1; }
	cd tests/postman && npm ci --loglevel=error --no-audit --no-fund && node run.mjs

.PHONY: browser
browser: tools ## Drive Swagger UI and cross-origin pages in a real Chromium on a platform of its own
	$(MVN) -q -Pbrowser -pl tests/e2e -am verify $(ONLY) -Dtest=None -Dit.test='dev.gatehouse.e2e.browser.*IT'

.PHONY: drill
drill: target/built ## Make faults under load and check that no order suffers; NAME=list shows them, NAME=a,b runs these
	@$(MVN) -q -pl tests/drills -am package -Dmaven.test.skip=true -Dspring-boot.repackage.skip=true
	@tests/drills/drill.sh

.PHONY: bench
bench: target/built ## Print start times and memory, in all and per process
	@devstack/devstack.sh bench

##@ Package
.PHONY: build
build: target/built ## Build the jars, their extracted layouts and start-up caches

.PHONY: openapi
openapi: tools ## Write both services' api/openapi.yaml from the running code
	$(MVN) -q -pl inventory-service,billing-service -am verify $(ONLY) -Dtest=None -Dit.test=OpenApiContractIT -Dopenapi.update=true

.PHONY: images
images: target/built ## Build the container images (needs a Docker engine)
	@command -v docker >/dev/null || { echo "make images needs Docker: https://docs.docker.com/engine/install/" >&2; exit 1; }
	for part in gateway inventory-service billing-service; do docker build -t gatehouse/$$part:0.1.0 $$part; done

target/built: $(SOURCES)
	@$(MAKE) --no-print-directory tools
	@echo "Building (the first time Maven downloads the libraries: some minutes)"
	@$(MVN) package -DskipTests -pl devstack,inventory-service,billing-service,gateway \
	  | grep --line-buffered -E '^\[INFO\] Building Gatehouse|ERROR|^\[INFO\] Total time'
	@devstack/devstack.sh prepare
	@mkdir -p target && touch $@

# One clear line for what is missing, before anything runs.
.PHONY: tools
tools:
	@devstack/find-jdk.sh >/dev/null
	@command -v mvn >/dev/null || { echo "Gatehouse needs Maven 3.8.7 or newer: install it (Debian: apt-get install maven, SDKMAN: sdk install maven)." >&2; exit 1; }

##@ Help
.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
