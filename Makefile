# The few verbs of this project. Each is one command that works in a fresh clone.

# Real parts that tests and benchmarks use: a registry, and other programs that read what we wrote.
TOOLS := docker-registry skopeo umoci buildah podman mmdebstrap busybox-static libcap2-bin openssl python3 \
  runc uidmap attr golang-github-docker-docker-dev libisal2 gcc libc6-dev patchelf faketime
DEMO := build/demo

.DEFAULT_GOAL := help
.PHONY: help test check format bench kills chaos demo tools clean

help: ## What can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# As root, where every program can be installed, a missing one is a failure and not a reason to skip.
test: tools ## Everything a change has to pass: gates, unit tests, and tests with real parts
	./mvnw -B -ntp verify $$([ "$$(id -u)" != 0 ] || echo -Dbirgus.tools=required)

check: ## The gates and the tests, without installing anything first
	./mvnw -B -ntp verify

format: ## Put every source file into the form the gate expects
	./mvnw -B -ntp -q spotless:apply

bench: TOOLS += python3 gcc libc6-dev curl
bench: tools ## Side by side with buildah, as ratios; writes the tables of docs/performance.md
	./mvnw -B -ntp -q -pl load-tests -am -DskipTests package
	load-tests/bench

kills: tools ## A hundred builds killed at random moments, and layers of a million files
	./mvnw -B -ntp -pl executor-node,cli -am verify -Dbirgus.tools=required -Dbirgus.kills=100 \
	  -Dbirgus.large=true -Dtest=KilledBuildsTest,LargeLayersTest -Dsurefire.failIfNoSpecifiedTests=false

SEED ?= $(shell date +%s)
BUILDS ?= 500
FAULTS ?= 100
chaos: tools ## Builds on a cluster whose processes are killed, frozen, starved and misled; SEED=, BUILDS=, FAULTS=
	./mvnw -B -ntp -pl load-tests -am verify -Dbirgus.tools=required -Dbirgus.chaos.seed=$(SEED) \
	  -Dbirgus.chaos.builds=$(BUILDS) -Dbirgus.chaos.faults=$(FAULTS) \
	  -Dtest=ChaosTest -Dsurefire.failIfNoSpecifiedTests=false

demo: ## Build an example image on a machine without any registry
	examples/offline/build.sh $(DEMO)

tools: ## Install the Debian packages the tests use, where that is possible
	@missing=; for p in $(TOOLS); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -z "$$missing" ]; then exit 0; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing$$missing"; \
	  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -q --no-install-recommends $$missing >/dev/null; \
	else echo "not installed, tests that need them are skipped by name:$$missing"; fi

clean: ## Remove what was built
	rm -rf build */target
