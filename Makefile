# Aoki: `make run` to use it, `make test` to check it, `make help` for the rest.
#
# Needed beforehand: Go, a C compiler, Node 20 or newer. Everything else is
# fetched by the targets that need it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

COUNT := 1
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
PACKAGES := frontend/node_modules/.installed
DIST := frontend/dist/index.html
WEB := $(shell find frontend \( -name node_modules -o -name dist -o -name e2e -o -name 'test-results' -o -name 'playwright-report' \) -prune \
	-o -type f -print)

.PHONY: help run build test prove dev lint types e2e bench bench-go clean setup web

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build everything and serve at http://127.0.0.1:8080, keeping what it stores in ./data
	@exec bin/aoki serve

# Go gives new goroutines the stack that the average one has grown to: with thousands
# of idle sockets, a half of it for nothing. This turns that off.
build: $(DIST) ## Build bin/aoki, the web app inside
	@go build -trimpath -ldflags '-X aoki/cmd.version=$(VERSION) -X runtime.godebugDefault=adaptivestackstart=0' -o bin/aoki .

test: ## Run every test, having installed what they need: Go with -race, lint, types, unit and browser tests
	@scripts/test.sh

prove: build ## Try for a minute to break the promise: kill servers, drop devices, restore backups (PROVE='--minutes 10 --seed 7')
	@bin/aoki prove $(PROVE)

dev: $(PACKAGES) ## Serve at http://127.0.0.1:5173 and reload both halves when a file changes
	@scripts/dev.sh

lint: $(PACKAGES) ## Check format and style of both halves, without running anything
	@scripts/lint.sh

types: $(PACKAGES) ## Write the web app's types anew from routes/openapi.yaml
	@cd frontend && npm run --silent types

e2e: setup build ## Run the browser tests alone, against bin/aoki
	@cd frontend && npm run --silent e2e

bench: build ## Measure a server with up to 19,000 sockets, beside baselines of the same run (BENCH='--scale 0.1 --json new.json')
	@bin/aoki bench $(BENCH)

bench-go: ## Measure the parts, in Go benchmarks that benchstat reads (COUNT=10)
	@go test -timeout 0 -run '^$$' -bench . -benchmem -count $(COUNT) ./models ./realtime ./controllers ./routes
	@go test -timeout 0 -run '^$$' -bench . -benchtime 5000x -count $(COUNT) ./cmd

clean: ## Remove what was built and installed here; never ./data
	@rm -rf bin frontend/node_modules frontend/test-results frontend/playwright-report
	@find frontend/dist -mindepth 1 -not -name .gitkeep -delete

# What the targets above stand on.

setup:
	@scripts/setup.sh

web: $(DIST)

$(PACKAGES): frontend/package.json frontend/package-lock.json
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The build empties dist, .gitkeep with it; a commit must not lose that file.
$(DIST): $(PACKAGES) $(WEB) routes/openapi.yaml
	@cd frontend && npm run --silent build
	@touch frontend/dist/.gitkeep $@
