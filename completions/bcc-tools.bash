# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Bash completion for @TOOL@. Each tool has a file like this one, with functions that all of them
# define alike; completions/generate puts the facts about the tool in.
#
# Never give names of processes or files to `compgen -W`: it runs the commands in $(...), and any
# user may give a process such a name.

@FACTS@

# Offer the lines on standard input that begin with a word: _bcc_tools_offer CURRENT
_bcc_tools_offer() {
	local word
	while IFS= read -r word; do
		[[ $word != "$1"* ]] || COMPREPLY+=("$word")
	done
}

# Offer lines for the last member of a comma-separated list, without those that are in the list:
# _bcc_tools_list CURRENT [!]. With "!" a member may begin with it.
_bcc_tools_list() {
	local given=${1%"${1##*,}"} last=${1##*,} word
	local used=,$given
	if [[ ${2-} == ! ]]; then
		used=${used//,!/,}
		if [[ $last == !* ]]; then
			given+=!
			last=${last#!}
		fi
	fi
	while IFS= read -r word; do
		[[ $word != "$last"* || $used == *",$word,"* ]] || COMPREPLY+=("$given$word")
	done
	compopt -o nospace 2>/dev/null || true
}

# Print the last part of each path, for ids in /proc: _bcc_tools_ids PATH...
_bcc_tools_ids() {
	printf '%s\n' "${@##*/}"
}

# Print the names of all processes. They are for globs: `?` stands for what a shell or a glob would
# take for something else, and for ":", where readline divides words. /proc adds to the name of a
# kworker what it works on, and shows kernel threads' names beyond the 15 bytes that a task has.
_bcc_tools_comms() {
	local path comm
	for path in /proc/[0-9]*/comm; do
		IFS= read -r comm 2>/dev/null <"$path" || continue
		[[ $comm != kworker/[0-9u]* ]] || comm=${comm%%[-+]*}
		comm=${comm:0:15}
		printf '%s\n' "${comm//[^[:alnum:]_.\/@%+,~#-]/?}"
	done | sort -u
}

# Print where cgroup v2 is mounted, or fail.
_bcc_tools_cgroup_mount() {
	local path type
	while read -r _ path type _; do
		if [[ $type == cgroup2 ]]; then
			echo "$path"
			return
		fi
	done </proc/self/mounts
	return 1
}

# Offer cgroups: a path that begins with "/", or is relative to the mount, as the tools take it.
# _bcc_tools_cgroup CURRENT QUOTE: behind an open quote, names that need another are left out, as
# $'\n...' would end it.
_bcc_tools_cgroup() {
	local current=$1 not='' mount='' path quoted
	if [[ $current == !* ]]; then
		not=!
		current=${current#!}
	fi
	if [[ $current != /* ]]; then
		mount=$(_bcc_tools_cgroup_mount)/ || return 0
	fi
	while IFS= read -r path; do
		path=${path#"$mount"}
		printf -v quoted %q "$path"
		[[ $2 && $quoted != "$path" ]] || COMPREPLY+=("$not$quoted/")
	done < <(compgen -d -- "$mount$current")
	compopt -o nospace 2>/dev/null || true
}

# Offer names of processes: _bcc_tools_comm CURRENT QUOTE. Quote them if no quote is open.
_bcc_tools_comm() {
	local not='' current=$1 i
	if [[ $current == !* ]]; then
		not=!
		current=${current#!}
	fi
	_bcc_tools_offer "${current//\\/}" < <(_bcc_tools_comms)
	for i in "${!COMPREPLY[@]}"; do
		if [[ $2 == [\'\"] ]]; then
			COMPREPLY[i]=$not${COMPREPLY[i]}
		else
			printf -v 'COMPREPLY[i]' '%s%q' "$not" "${COMPREPLY[i]}"
		fi
	done
}

# Complete the value of an option: _bcc_tools_value TAKES WORDS CURRENT. Fail if it takes none.
_bcc_tools_value() {
	local quote='' current=$3
	# Readline wants no quote that is open in front of what it completes.
	if [[ $current == [\'\"]* ]]; then
		quote=${current:0:1}
		current=${current:1}
	fi
	case $1 in
	number) ;;
	word) _bcc_tools_offer "$current" <<<"$2" ;;
	words) _bcc_tools_list "$current" <<<"$2" ;;
	calls) _bcc_tools_list "$current" ! <<<"$2" ;;
	pids) _bcc_tools_list "$current" ! < <(_bcc_tools_ids /proc/[0-9]*) ;;
	tids) _bcc_tools_list "$current" ! < <(_bcc_tools_ids /proc/[0-9]*/task/[0-9]*) ;;
	users) _bcc_tools_list "$current" ! < <(compgen -u | sort -u) ;;
	user) _bcc_tools_offer "$current" < <(compgen -u | sort -u) ;;
	comm) _bcc_tools_comm "$current" "$quote" ;;
	cgroup) _bcc_tools_cgroup "$current" "$quote" ;;
	file)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null || true
		;;
	*) return 1 ;;
	esac
}

# Complete what comes behind `--`, word number $1: a command, then its own arguments.
_bcc_tools_command() {
	local current=${COMP_WORDS[COMP_CWORD]}
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif (($1 == COMP_CWORD)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$current" | sort -u)
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}

_bcc_tools() {
	local tool=${1##*/} current=${COMP_WORDS[COMP_CWORD]} previous i
	local options=() # all of them, short and long
	local -A takes=() words=() # by each of these

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			_bcc_tools_command $((i + 1))
			return
		fi
	done
	"_bcc_tools_facts_$tool" || return
	previous=${COMP_WORDS[COMP_CWORD - 1]}
	# Readline breaks words at "=".
	if [[ $current == = ]]; then
		current=
	elif [[ $previous == = ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ $previous == -* ]]; then
		_bcc_tools_value "${takes[$previous]-}" "${words[$previous]-}" "$current" && return
	fi
	_bcc_tools_offer "$current" < <(printf '%s\n' "${options[@]}" --)
}

complete -F _bcc_tools @TOOL@
