#!/usr/bin/env bash
# Both halves, reloading: Vite serves the web app and hands /api and /ws to the Go
# half, which is built anew whenever one of its files changes. It needs no watcher
# to be installed: find looks once a second for files newer than the last build.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin

api=127.0.0.1:${DEV_PORT:-8080}
stamp=bin/.dev-stamp
server=""

page=http://127.0.0.1:5173
vite=""

end() { [ -z "$1" ] || { kill "$1" && wait "$1"; } 2>/dev/null; }
trap 'exit 0' INT TERM
trap 'end "$server"; end "$vite"' EXIT

start() {
	touch "$stamp"
	# A build that fails leaves the last good server running.
	go build -o bin/aoki-dev . || return
	end "$server"
	bin/aoki-dev serve --listen "$api" --public-url "$page" &
	server=$!
}

changed() {
	find . \( -name node_modules -o -name .git -o -name data -o -name bin -o -path ./frontend/src -o -path ./frontend/dist \) -prune -o \
		-type f \( -name '*.go' -o -name 'go.mod' -o -name '*.yaml' -o -name '*.sql' \) -newer "$stamp" -print -quit
}

(cd frontend && AOKI_DEV_API="http://$api" exec node node_modules/vite/bin/vite.js --strictPort --port "${page##*:}") &
vite=$!
start
while sleep 1; do
	if [ -n "$(changed)" ]; then
		echo "dev: building the Go half anew"
		start
	fi
done
