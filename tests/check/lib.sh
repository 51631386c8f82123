# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the commands of this directory share: counting results, and running the tests of a build.

passed=0
failed=0

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# need_root: stop unless this is root
need_root() {
	[ "$(id -u)" -eq 0 ] ||
		die "the end-to-end tests load eBPF programs: run as root, or with --unit"
}

# need COMMAND...: stop unless all of them are installed
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

# count COMMAND...: run it and add its last line, `N passed, N failed[, N skipped]`, to the totals.
# A skipped test counts as failed.
count() {
	local log line counts bad status=0
	log=$(mktemp)
	"$@" </dev/null 2>&1 | tee "$log" || status=$?
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || true
	rm -f "$log"
	read -ra counts <<<"${line//[^0-9]/ }"
	# A command that stops early, or runs nothing, has failed whatever it counted.
	bad=$((${counts[1]:-0} + ${counts[2]:-0}))
	if [ "${counts[0]:-0}" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		echo "${0##*/}: '$*' ended with status $status after: ${line:-no result}" >&2
		bad=$((bad + 1))
	fi
	passed=$((passed + ${counts[0]:-0}))
	failed=$((failed + bad))
}

# unit_names BUILD: print the names of the tests that are C programs, including those for root
unit_names() {
	meson test -C "$1" --no-rebuild --list 2>/dev/null |
		sed -nE 's/^.*:(unit|root|fuzz) \/ //p' | sort -u
}

# unit_tests BUILD OPTION...: run tests with meson and print how many passed. Only root runs those
# for root.
unit_tests() {
	local build=$1 suites=()
	shift
	[ "$(id -u)" -eq 0 ] || suites+=(--no-suite root)
	rm -f "$build"/meson-logs/check*.json
	meson test -C "$build" --no-rebuild --print-errorlogs --logbase check \
		"${suites[@]}" "$@" || true
	# The name of a wrapper is part of the log's name.
	tests/count-meson "$build"/meson-logs/check*.json
}

# reports DIRECTORY: print the files that a checker has written there; each is a failure
reports() {
	local report
	for report in "$1"/*; do
		[ -s "$report" ] || continue
		printf '\n== %s\n' "$report"
		head -n 60 "$report"
		failed=$((failed + 1))
	done
}

# result: print the last line
result() {
	printf '\n%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
}
