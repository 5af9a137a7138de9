# Sourced by the other scripts: runs steps, each quiet unless it fails, and counts.

passed=0
failed=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# step NAME COMMAND… runs one step. Its output is shown only if it fails; the
# steps after it run all the same, so that one run tells everything.
step() {
	local name=$1 began=$SECONDS note=""
	shift
	rm -f "$logs/count"
	if "$@" >"$logs/log" 2>&1 </dev/null; then
		local verdict="ok  "
	else
		local verdict="FAIL"
	fi
	local step_passed=0 step_failed=0
	[ ! -s "$logs/count" ] || read -r step_passed step_failed <"$logs/count"
	[ "$verdict" = "ok  " ] || [ "$step_failed" -gt 0 ] || step_failed=1 # what broke off before it could count
	passed=$((passed + step_passed))
	failed=$((failed + step_failed))
	[ "$step_passed" = 0 ] || note=", $step_passed passed"
	[ "$step_failed" = 0 ] || note="$note, $step_failed failed"
	printf '%s  %s (%d s%s)\n' "$verdict" "$name" $((SECONDS - began)) "$note"
	if [ "$verdict" = FAIL ]; then
		awk '{ print "      " $0 }' "$logs/log"
		return 1
	fi
}

# count PASSED FAILED is for steps that run tests.
count() { echo "$1 $2" >"$logs/count"; }

gofmt_clean() {
	local bad
	bad=$(find . -name node_modules -prune -o -name '*.go' -print0 | xargs -0 gofmt -l) || return 1
	[ -z "$bad" ] || { echo "gofmt would change:"; echo "$bad"; return 1; }
}

finish() {
	[ "$failed" = 0 ]
}
