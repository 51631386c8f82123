#compdef @TOOL@
# SPDX-License-Identifier: MIT
# Zsh completion for @TOOL@. Each tool has a file like this one, with functions that all of them
# define alike; completions/generate puts the facts about the tool in.

# Offer a value: _bcc_tools_word DESCRIPTION ARRAY. Elements are WORD or WORD:DESCRIPTION.
_bcc_tools_word() {
	_describe -t values "$1" "$2"
}

# Offer members of a comma-separated list, without those that are in it:
# _bcc_tools_list DESCRIPTION ARRAY [!]. With "!" a member may begin with it.
_bcc_tools_list() {
	local -a used offered
	local member
	used=(${(s:,:)${PREFIX%"${PREFIX##*,}"}})
	compset -P '*,'
	compset -S ',*'
	if [[ $3 == '!' ]]; then
		used=(${used##(\\|)!})
		compset -P '(\\|)!'
	fi
	for member in "${(@P)2}"; do
		(( $used[(Ie)${member%%:*}] )) || offered+=("$member")
	done
	_describe -t values "$1" offered -qS ,
}

# Set `reply` to ID:NAME of each task whose `comm` file is given. A name may have any bytes.
_bcc_tools_tasks() {
	local file name
	reply=()
	for file in "$@"; do
		name=
		{ IFS= read -r name <$file } 2>/dev/null
		[[ -z $name ]] || reply+=("${file:h:t}:${name//[^[:print:]]/?}")
	done
}

_bcc_tools_pids() {
	local -a reply
	_bcc_tools_tasks /proc/<->/comm(N)
	_bcc_tools_list process reply '!'
}

_bcc_tools_tids() {
	local -a reply
	_bcc_tools_tasks /proc/<->/task/<->/comm(N)
	_bcc_tools_list thread reply '!'
}

# Offer names of processes, for globs: `?` stands for what a glob would take for something else.
# /proc adds to the name of a kworker what it works on, and shows kernel threads' names beyond the
# 15 bytes that a task has.
_bcc_tools_comm() {
	local -a reply names
	local name
	_bcc_tools_tasks /proc/<->/comm(N)
	compset -P '(\\|)!'
	for name in "${(@)reply#*:}"; do
		[[ $name != kworker/[0-9u]* ]] || name=${name%%[-+]*}
		names+=("${${name[1,15]}//[*\[\]\\]/?}")
	done
	names=(${(u)names})
	_wanted values expl 'name of a process' compadd -a names
}

_bcc_tools_users() {
	local -a names=(${(k)userdirs})
	local line
	while IFS= read -r line; do
		names+=(${line%%:*})
	done </etc/passwd
	names=(${(uo)names})
	if [[ $1 == list ]]; then
		_bcc_tools_list user names '!'
	else
		_bcc_tools_word user names
	fi
}

# Offer cgroups: a path that begins with "/", or is relative to the mount, as the tools take it.
_bcc_tools_cgroup() {
	local line mount=
	local -a fields
	while read -r line; do
		fields=(${(s: :)line})
		[[ $fields[3] != cgroup2 ]] || { mount=$fields[2]; break }
	done </proc/self/mounts
	compset -P '(\\|)!'
	if [[ $PREFIX == /* ]]; then
		_path_files -/
	elif [[ -n $mount ]]; then
		_path_files -/ -W $mount
	fi
}

# Behind `--` comes a command, then its own arguments.
local -i dashes=${words[(Ie)--]}
if (( dashes && dashes < CURRENT )); then
	shift $dashes words
	(( CURRENT -= dashes ))
	_normal
	return
fi

@FACTS@
