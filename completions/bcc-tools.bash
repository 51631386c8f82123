# SPDX-License-Identifier: MIT
# Bash completion for bcc-syscalls, bcc-fork and bcc-openat.

# Complete the last member of a comma-separated list: _bcc_tools_list CURRENT WORDS
_bcc_tools_list() {
	local done=${1%"${1##*,}"}
	mapfile -t COMPREPLY < <(compgen -P "$done" -W "$2" -- "${1##*,}")
	compopt -o nospace 2>/dev/null || true
}

# Print the last part of each path, for ids in /proc: _bcc_tools_ids PATTERN
_bcc_tools_ids() {
	local path
	for path in $1; do
		echo "${path##*/}"
	done
}

# Print names of system calls and their classes.
_bcc_tools_calls() {
	echo '%file %desc %process %network %memory %signal %ipc %all'
	bcc-syscalls --list 2>/dev/null | while read -r _ name _; do
		[[ $name == *:* || $name == SYSCALL ]] || echo "$name"
	done
}

# Print names of errors, if a program that knows them is installed (moreutils).
_bcc_tools_errnos() {
	errno --list 2>/dev/null | while read -r name _; do
		echo "$name"
	done
}

# Complete the value of an option: _bcc_tools_value TOOL OPTION CURRENT. Fail if it takes none.
_bcc_tools_value() {
	local columns formats keys='syscall process thread comm user cgroup errno'
	local flags='O_RDONLY O_WRONLY O_RDWR O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK
		O_DSYNC O_SYNC O_ASYNC O_DIRECT O_LARGEFILE O_DIRECTORY O_NOFOLLOW O_NOATIME
		O_CLOEXEC O_PATH O_TMPFILE'
	case $1 in
	bcc-syscalls)
		columns='pid tid start_ts comm uid user cgroup syscall errno calls share errors timed'
		columns+=' time avg min p50 p99 max blocked oldest all-calls all-errors all-time'
		;;
	bcc-openat)
		keys='process thread comm path dir user cgroup errno call'
		columns='opens failed fail% paths timed time avg min p50 p99 max'
		columns+=' pid tid start_ts comm uid user cgroup call errno share dir path'
		;;
	bcc-fork) formats='trace svg folded' ;;
	esac
	case $2 in
	-p | --pid | --ppid) _bcc_tools_list "$3" "$(_bcc_tools_ids '/proc/[0-9]*')" ;;
	-t | --tid) _bcc_tools_list "$3" "$(_bcc_tools_ids '/proc/[0-9]*/task/[0-9]*')" ;;
	-u | --uid | --euid) _bcc_tools_list "$3" "$(compgen -u)" ;;
	--as) mapfile -t COMPREPLY < <(compgen -u -- "$3") ;;
	-n | --name)
		# Not with compgen -W: it would run the command in a process's name $(...).
		mapfile -t COMPREPLY < <(
			cat /proc/[0-9]*/comm 2>/dev/null | sort -u | while IFS= read -r name; do
				[[ $name != "$3"* ]] || printf '%q\n' "$name"
			done
		)
		;;
	-c | --cgroup)
		mapfile -t COMPREPLY < <(compgen -d -- "${3:-/sys/fs/cgroup/}")
		compopt -o filenames -o nospace 2>/dev/null || true
		;;
	-o | --output) mapfile -t COMPREPLY < <(compgen -W "table json csv $formats" -- "$3") ;;
	--report | --program)
		mapfile -t COMPREPLY < <(compgen -f -- "$3")
		compopt -o filenames 2>/dev/null || true
		;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$3") ;;
	-s | --sort)
		[[ -z $columns ]] ||
			mapfile -t COMPREPLY < <(compgen -W "$columns -${columns// / -}" -- "$3")
		;;
	--by) _bcc_tools_list "$3" "$keys" ;;
	--flags) _bcc_tools_list "$3" "$flags" ;;
	--hook)
		mapfile -t COMPREPLY < <(
			compgen -W 'kprobe fexit sys_exit tracepoint raw_syscalls' -- "$3"
		)
		;;
	-e | --syscall) _bcc_tools_list "$3" "$(_bcc_tools_calls)" ;;
	--errno) _bcc_tools_list "$3" "$(_bcc_tools_errnos)" ;;
	-h | --help) mapfile -t COMPREPLY < <(compgen -W all -- "$3") ;;
	-E | --event) _bcc_tools_list "$3" 'fork thread exec exit' ;;
	-i | --interval | -d | --duration | --top | --max-args | --buffer | --string-limit | --path) COMPREPLY=() ;;
	*) return 1 ;;
	esac
}

_bcc_tools() {
	local tool=${1##*/} i
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local all='-p --pid -t --tid --ppid --descendants -u --uid --euid -n --name -c --cgroup
		--self --report -i --interval -d --duration --as -o --output --top -s --sort -T --timestamp
		--color --no-clear --stats --check --ebpf --explain --program --no-cache --clear-cache
		-q --quiet -v --verbose
		-h --help -V --version --'

	COMPREPLY=()
	# After -- comes a command, then its own arguments.
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			if declare -F _command_offset >/dev/null; then
				_command_offset $((i + 1))
			elif ((i + 1 == COMP_CWORD)); then
				mapfile -t COMPREPLY < <(compgen -c -- "$current")
			else
				mapfile -t COMPREPLY < <(compgen -f -- "$current")
			fi
			return
		fi
	done
	# Readline breaks words at "=".
	if [[ $current == = ]]; then
		current=
	elif [[ $previous == = ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	_bcc_tools_value "$tool" "$previous" "$current" && return
	case $tool in
	bcc-syscalls)
		all+=' --by -e --syscall -l --list -x --failed --errno -L --latency --histogram'
		all+=' --cumulative --stream --string-limit --buffer'
		;;
	bcc-openat)
		all+=' --by -a --all -x --failed --errno -w --write --flags --path -L --latency'
		all+=' --histogram --distinct -F --full-path --stream --buffer --no-results --hook'
		;;
	bcc-fork)
		all+=' -E --event -x --failed --rusage --tree --lineage --summary --host-pids'
		all+=' --max-args --buffer'
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$all" -- "$current")
}

complete -F _bcc_tools bcc-syscalls bcc-fork bcc-openat
