# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the commands of this directory share: a count of what passed and what failed, and the tests of a build.

passed=0
failed=0

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# need COMMAND...: end unless they are all there
need() {
	local command
	for command; do
		command -v "$command" >/dev/null || die "$command is not installed"
	done
}

# configure BUILD OPTION...: set up a build directory with the tests, and build it
configure() {
	local build=$1
	shift
	if [ -e "$build/build.ninja" ]; then
		meson setup --reconfigure "$build" -Dtests=true "$@" >/dev/null
	else
		meson setup "$build" -Dtests=true "$@" >/dev/null
	fi
	ninja -C "$build" | tail -n 1
}

# count COMMAND...: run it, and add its last line, `N passed, N failed[, N skipped]`; a skip is a failure
count() {
	local log line counts status=0
	log=$(mktemp)
	"$@" </dev/null 2>&1 | tee "$log" || status=$?
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || true
	rm -f "$log"
	read -ra counts <<<"${line//[^0-9]/ }"
	passed=$((passed + ${counts[0]:-0}))
	failed=$((failed + ${counts[1]:-0} + ${counts[2]:-0}))
	# What breaks off, or has nothing to run, has failed whatever it counted.
	if [ "${counts[0]:-0}" -eq 0 ] || { [ "$status" -ne 0 ] && [ $((${counts[1]:-0} + ${counts[2]:-0})) -eq 0 ]; }; then
		echo "${0##*/}: '$*' ended with status $status after: ${line:-no result}" >&2
		failed=$((failed + 1))
	fi
}

# unit_names BUILD: the names of the tests that are programs of ours, those of root included
unit_names() {
	meson test -C "$1" --no-rebuild --list 2>/dev/null | sed -nE 's/^.*:(unit|root|fuzz) \/ //p' | grep -v '^docs ' | sort -u
}

# unit_tests BUILD OPTION...: run meson's tests, with the root's when this is root, and say how many passed
unit_tests() {
	local build=$1 suites=()
	shift
	[ "$(id -u)" -eq 0 ] || suites+=(--no-suite root)
	rm -f "$build"/meson-logs/check*.json
	meson test -C "$build" --no-rebuild --print-errorlogs --logbase check "${suites[@]}" "$@" || true
	# With a wrapper, its name is a part of the log's.
	tests/count-meson "$build"/meson-logs/check*.json
}

# reports DIRECTORY: print what a checker has written there; each file is a failure
reports() {
	local report
	for report in "$1"/*; do
		[ -s "$report" ] || continue
		printf '\n== %s\n' "$report"
		head -n 60 "$report"
		failed=$((failed + 1))
	done
}

# result: the last line
result() {
	printf '\n%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
}
