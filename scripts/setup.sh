#!/usr/bin/env bash
# Finds what the tests need. On Debian as root it installs what is missing;
# elsewhere it names that in one line and fails. Prints nothing when all is there.
set -euo pipefail

missing=()
packages=()

has() { command -v "$1" >/dev/null 2>&1; }
need() { missing+=("$1"); [ -z "${2:-}" ] || packages+=("$2"); }

has go || need "Go 1.26 or newer (https://go.dev/dl)"
has cc || has gcc || has clang || need "a C compiler" build-essential
if ! has node || ! has npm || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
	need "Node 20 or newer with npm (https://nodejs.org)"
fi
if [ "$(uname)" = Linux ]; then has strace || need strace strace; fi
[ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || need chromium chromium
chinese_font() {
	if has fc-list; then [ -n "$(fc-list :lang=zh-cn family)" ]; else compgen -G '/usr/share/fonts/opentype/noto/*CJK*' >/dev/null; fi
}
chinese_font || need "a font with Chinese characters" fonts-noto-cjk
/usr/bin/python3 -c 'import websockets' >/dev/null 2>&1 || need "Python with its package websockets (in /usr/bin)" python3-websockets

[ ${#missing[@]} -gt 0 ] || exit 0

tell() {
	local list
	list=$(printf ', %s' "${missing[@]}")
	echo "setup: missing ${list:2}${packages:+ (on Debian, as root: apt-get install ${packages[*]})}" >&2
	exit 1
}

# Go and Node are the user's choice of version: never installed behind their back.
[ ${#packages[@]} -eq ${#missing[@]} ] && has apt-get && [ "$(id -u)" = 0 ] || tell

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "setup: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
	tail -n 20 "$log" >&2
	tell
fi
