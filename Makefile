# The door: everything a newcomer needs is a target here; the work is done by CMake presets and the scripts in tools/.
.DEFAULT_GOAL := help
.PHONY: help build profiled run sdk test test-profiled test-browser test-proxies test-sanitizers test-autobahn fuzz bench bench-transports bench-scale bench-micro gate format lint clean

install := tools/install-dependencies.sh

# Where the SDK goes; how long each fuzz target runs, and which (all unless named); whether lint looks at all files; more
# words for the comparisons, "--suite full --runs 5".
PREFIX ?= /usr/local
SECONDS ?= 60
TARGET ?=
ALL ?=
COMPARE ?=
TRANSPORTS ?=
SCALE ?=

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 | \2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || \
	 sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

build: ## Build the release binary, build/release/fanfare
	@$(install) build
	@cmake --preset release >/dev/null
	@cmake --build --preset release

profiled: ## The same for production, optimised by a profile of its load, in twice the time: build/profiled/fanfare
	@$(install) build profile
	@tools/build-profiled.sh

run: build ## Build it and start the server, with a first app to try it with
	@exec build/release/fanfare serve

sdk: ## Build the C++ server SDK and install it to PREFIX=/usr/local
	@$(install) build
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target fanfare_sdk_package
	@cmake --install build/release --component sdk --prefix "$(PREFIX)"

test: ## Unit, contract, simulation, integration, conformance, fuzz corpora, tidy (installs what they need)
	@$(install) test
	@cmake --preset test >/dev/null
	@cmake --build --preset test
	@ctest --preset test

test-profiled: profiled ## All tests of what make profiled builds, which a compiler may get wrong where it gets the plain build right
	@$(install) test
	@cmake --preset profiled-test >/dev/null
	@cmake --build --preset profiled-test
	@ctest --preset profiled-test

test-browser: ## pusher-js in Chromium: HTTP fallbacks, broken WebSockets (installs Chromium)
	@$(install) test browser
	@cmake --preset test >/dev/null
	@cmake --build --preset test --target fanfare
	@ctest --preset test -C browser -L browser

test-proxies: ## nginx, HAProxy and Caddy with the recipes of docs/proxies.md in front of the server
	@$(install) test
	@cmake --preset test >/dev/null
	@cmake --build --preset test --target fanfare
	@ctest --preset test -C proxies -L proxies

test-sanitizers: ## Unit, simulation and integration tests under ASan + UBSan, then TSan
	@$(install) test
	@tools/test-sanitizers.sh

test-autobahn: ## The Autobahn suite against the binary's WebSocket layer
	@$(install) test
	@cmake --preset test >/dev/null
	@cmake --build --preset test --target fanfare
	@tests/conformance/autobahn/run_against_fanfare.sh

fuzz: ## libFuzzer on every target: SECONDS=60 each, or TARGET=one
	@$(install) fuzz
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz
	@tools/fuzz.sh "$(SECONDS)" $(TARGET)

bench: profiled ## Compare with the floor and soketi, five minutes on a quiet machine; rewrites docs/performance.md
	@$(install) bench
	@cmake --preset bench >/dev/null
	@cmake --build --preset bench --target fanfare fanfare-floor
	@bench/compare/compare.py --write docs/performance.md $(COMPARE)

bench-transports: ## TLS, compression, HTTP fallbacks against plain WebSocket, ten minutes; rewrites docs/performance.md
	@$(install) bench
	@cmake --preset bench >/dev/null
	@cmake --build --preset bench --target fanfare
	@bench/transports/transports.py build/bench/fanfare --write docs/performance.md $(TRANSPORTS)

bench-scale: ## A delivery and a connection where there are many, fifteen minutes; rewrites docs/performance.md
	@$(install) bench
	@cmake --preset bench >/dev/null
	@cmake --build --preset bench --target fanfare
	@bench/scale/scale.py build/bench/fanfare --write docs/performance.md $(SCALE)

bench-micro: ## Micro-benchmarks of the hot paths
	@$(install) bench
	@cmake --preset bench >/dev/null
	@cmake --build --preset bench
	@tools/bench.sh

gate: build ## Instructions a delivery, publish and subscribe, bytes an idle connection: not more than before
	@$(install) gate
	@bench/gate/gate.py build/release/fanfare

format: ## Format every C++ file in place
	@$(install) lint
	@tools/lint.sh --format

lint: ## clang-format, clang-tidy on changed files (ALL=1: on all), shellcheck
	@$(install) lint
	@tools/lint.sh $(if $(ALL),--all)

clean: ## Remove all build folders
	@rm -rf build
