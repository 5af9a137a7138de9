#!/usr/bin/env bash
# Format and style of both halves. Quiet when all is well.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

step "gofmt" gofmt_clean
step "go vet" go vet ./...
step "staticcheck" go tool staticcheck ./...
cd frontend
step "web lint" npm run --silent lint
step "web types" npm run --silent typecheck
step "schema.d.ts" npm run --silent types:check
finish
