# SPDX-License-Identifier: MIT
# Fish completion for @TOOL@. Each tool has a file like this one, with functions that all of them
# define alike; completions/generate puts the facts about the tool in.

# Are we behind `--`, where a command stands?
function __bcc_tools_in_command
    contains -- -- (commandline -opc)[2..]
end

# Print what is typed of a value, without the option in the same word: __bcc_tools_typed LETTER
function __bcc_tools_typed
    set -l token (commandline -ct | string collect)
    if string match -q -- '--*=*' $token
        set token (string replace -- (string match -r -- '^--[^=]*=' $token) '' $token)
    else if test -n "$argv[1]"
        set token (string replace -r -- "^-[A-Za-z]*?$argv[1]" '' $token)
    end
    # A quote that is still open cannot be undone.
    string unescape -- $token; or string replace -r -- '^[\'"]' '' $token
end

# Print members of a comma-separated list, without those that are in it:
# __bcc_tools_list LETTER [!] MEMBER... With "!" a member may begin with it. A member is
# WORD, or WORD, a tab and a description.
function __bcc_tools_list
    set -l typed (__bcc_tools_typed $argv[1])
    set -e argv[1]
    set -l given (string match -r -- '^.*,' "$typed")
    test -n "$given"; or set given ''
    set -l used (string split -n , -- $given)
    if test "$argv[1]" = !
        set -e argv[1]
        set used (string replace -r -- '^!' '' $used)
        set typed (string replace -- "$given" '' "$typed")
        string match -q -r -- '^!' "$typed"; and set given "$given!"
    end
    for member in $used
        set argv (string match -v -r -- '^'(string escape --style=regex -- $member)'(\t|$)' $argv)
    end
    test (count $argv) -eq 0; or printf '%s\n' $given$argv
end

# Print ID, a tab and the name of each task whose `comm` file is given. A name may have any bytes;
# its first line is shown. fish itself would complain about tasks that have ended since.
function __bcc_tools_tasks
    printf '%s\0' $argv | xargs -0 grep -a -H -m 1 '' 2>/dev/null |
        string match -r -- '^/proc/[0-9].*' | string replace -ra -- '[^[:print:]]' '?' |
        string replace -r -- '^[^:]*/(\d+)/comm:(.*)' '$1\t$2'
end

function __bcc_tools_pids
    __bcc_tools_list "$argv[1]" ! (__bcc_tools_tasks /proc/*/comm)
end

function __bcc_tools_tids
    __bcc_tools_list "$argv[1]" ! (__bcc_tools_tasks /proc/*/task/*/comm)
end

# Print names of processes, for globs: `?` stands for what a glob would take for something else.
# /proc adds to the name of a kworker what it works on, and shows kernel threads' names beyond the
# 15 bytes that a task has.
function __bcc_tools_comm
    set -l not ''
    string match -q -r -- '^!' (__bcc_tools_typed "$argv[1]"); and set not !
    set -l names (__bcc_tools_tasks /proc/*/comm)
    set names (string replace -r -- '^[^\t]*\t' '' $names |
        string replace -r -- '^(kworker/[0-9u][^-+]*).*' '$1' |
        string replace -r -- '^(.{15}).*' '$1' | string replace -ra -- '[][*\\\\]' '?')
    printf '%s\t\n' $not$names | sort -u
end

function __bcc_tools_users
    set -l names (string replace -r ':.*' '\t' </etc/passwd | sort -u)
    if test "$argv[2]" = list
        __bcc_tools_list "$argv[1]" ! $names
    else
        printf '%s\n' $names
    end
end

# Print cgroups: a path that begins with "/", or is relative to the mount, as the tools take it.
function __bcc_tools_cgroup
    set -l typed (__bcc_tools_typed "$argv[1]")
    set -l not (string match -r -- '^!' "$typed"; or echo '')
    set -l path (string replace -- "$not" '' "$typed")
    set -l mount ''
    test -z "$not"; or set not !
    if not string match -q -- '/*' "$path"
        set mount (string match -r -- '^\S+ (\S+) cgroup2 ' </proc/self/mounts)[2]/; or return 0
    end
    for directory in $mount$path*/
        printf '%s%s\n' $not (string replace -- "$mount" '' $directory)
    end
end

# Print what completes the command behind `--`.
function __bcc_tools_command
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    set -l before (string escape -- $words[(math $at + 1)..])
    complete -C (string join ' ' -- $before (commandline -ct))
end

complete -c @TOOL@ -f
complete -c @TOOL@ -n __bcc_tools_in_command -x -a '(__bcc_tools_command)'

@FACTS@
