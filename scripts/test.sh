#!/usr/bin/env bash
# Every test there is, on a machine that has only Go, a C compiler and Node.
# One line a step; what a step printed is shown when it fails. The last line is
# "N passed, M failed".
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

for name in "${!AOKI_@}"; do unset "$name"; done # the tests' servers are configured by the tests

go_tests() {
	local counts=0
	node scripts/go-test.mjs "$logs/count" -race -vet=off -timeout 10m ./... || counts=$?
	return "$counts"
}

# What the race detector would distort: allocations, memory, and how one thing compares
# with another of the same run.
gates() {
	local verdict=0
	node scripts/go-test.mjs "$logs/count" -vet=off -timeout 5m -p 1 -run '^TestGate' ./controllers ./models ./realtime ./cmd || verdict=$?
	return "$verdict"
}

web_tests() {
	local verdict=0
	(cd frontend && npx --no-install vitest run --reporter=dot --reporter=json --outputFile.json="$logs/vitest.json") || verdict=$?
	count $(node -p 'const r = require(process.argv[1]); r.numPassedTests + " " + r.numFailedTests' "$logs/vitest.json")
	return $verdict
}

browser_tests() {
	local verdict=0
	(cd frontend && PLAYWRIGHT_JSON_OUTPUT_NAME="$logs/playwright.json" npx --no-install playwright test --reporter=line,json) || verdict=$?
	count $(node -p 'const { stats } = require(process.argv[1]); (stats.expected + stats.flaky) + " " + stats.unexpected' "$logs/playwright.json")
	return $verdict
}

promise() {
	bin/aoki prove --minutes 1 --seed 1 && count 1 0
}

scripts/setup.sh || exit 1
step "packages" make frontend/node_modules/.installed || exit 1

step "gofmt" gofmt_clean
step "go vet" go vet ./...
step "staticcheck" go tool staticcheck ./...
step "go tests, -race" go_tests
step "gates" gates
cd frontend
step "web lint" npm run --silent lint
step "web types" npm run --silent typecheck
step "schema.d.ts is fresh" npm run --silent types:check
cd ..
step "web unit tests" web_tests
if step "build, budgets" make build; then
	step "the promise, for a minute" promise
	step "browser tests" browser_tests
fi

echo "$passed passed, $failed failed"
finish
