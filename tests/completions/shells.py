# SPDX-License-Identifier: MIT
"""Real shells that are asked what they offer for a command line.

ask(LINE) presses Tab behind LINE. It returns a list of (word, description), in which a word is
what the last word of LINE would become. bash and zsh run on a terminal; `line` is then the command
line as Tab left it. fish has a command for the question, and `line` is None.
"""

import fcntl
import os
import pathlib
import pty
import select
import shutil
import struct
import subprocess
import termios
import time

COLUMNS = 250
TIMEOUT = 60
TOOLS = ("bcc-syscalls", "bcc-fork", "bcc-openat")

BASH = r"""
PS1=
bind 'set bell-style none'
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind '"\C-t": complete'
bind -x '"\C-o": { printf "%s\n.\n" "$READLINE_LINE"; } >"$ANSWERS"'
for tool in bcc-syscalls bcc-fork bcc-openat; do source "$COMPLETIONS/$tool"; done
asked() {
	_bcc_tools "$@"
	{ [ "${#COMPREPLY[@]}" -eq 0 ] || printf '%s\t\n' "${COMPREPLY[@]}"; echo .; } >"$ANSWERS"
}
complete -F asked bcc-syscalls bcc-fork bcc-openat
echo . >"$ANSWERS"
"""

# The function compadd() notes what is added before it adds it, with the parts that are already
# there or come with each word.
ZSH = r"""
PS1= RPS1=
unsetopt auto_list beep
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit
compinit -u -D
zstyle ':completion:*' list-grouped false
zstyle ':completion:*' list-separator ''
zmodload zsh/zutil
compadd() {
	local -a hits texts apre hpre
	local array
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	if (( $@[(I)-d] )); then
		array=${@[$[${@[(I)-d]}+1]]}
		texts=("${(@P)array}")
	fi
	builtin compadd -A hits -D texts "$@"
	zparseopts -E P:=apre p:=hpre
	local i
	for i in {1..$#hits}; do
		(( $#hits )) || break
		found+=("${(Q)IPREFIX}${apre[2]}${hpre[2]}$hits[i]"$'\t'"${texts[i]#$hits[i]}")
	done
	builtin compadd "$@"
}
ask() {
	typeset -ga found=()
	zle complete-word
	{ print -rl -- $found; print . } >$ANSWERS
}
tell() { print -rl -- "$BUFFER" . >$ANSWERS }
zle -N ask
zle -N tell
bindkey '^T' ask
bindkey '^O' tell
bindkey '^U' kill-whole-line
print . >$ANSWERS
"""


class Terminal:
    """A shell on a terminal, with a named pipe for its answers."""

    def __init__(self, words, script, completions, directory, environment):
        self.path = os.path.join(directory, "answers")
        os.mkfifo(self.path)
        self.answers = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self.rest = b""
        init = pathlib.Path(directory, "init")
        init.write_text(script, encoding="utf-8")
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execvpe(words[0], words, {**environment, "ANSWERS": self.path, "TERM": "dumb",
                                         "COMPLETIONS": completions})
        # zsh cuts descriptions to the width of the terminal.
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("4H", 50, COLUMNS, 0, 0))
        self.send(f" source {init}\n")
        self.answer()

    def send(self, text):
        os.write(self.terminal, text.encode())

    def answer(self):
        """The lines of one answer. The terminal is read too, or the shell would wait for that."""
        end = time.monotonic() + TIMEOUT
        shown = b""
        while not self.rest.startswith(b".\n") and b"\n.\n" not in self.rest:
            ready, _, _ = select.select([self.answers, self.terminal], [], [], 1)
            if self.terminal in ready:
                shown += os.read(self.terminal, 65536)
            if self.answers in ready:
                self.rest += os.read(self.answers, 65536)
            if time.monotonic() > end:
                raise TimeoutError(f"no answer: {self.rest!r}; on the terminal: {shown!r}")
        text, self.rest = ("\n" + self.rest.decode()).split("\n.\n", 1)
        self.rest = self.rest.encode()
        return text.splitlines()[1:]

    def ask(self, line):
        self.send(line + "\x14")
        found = [tuple(text.split("\t")[:2]) for text in self.answer()]
        self.send("\x0f")
        after = "\n".join(self.answer())
        self.send("\x15")
        return found, after

    def close(self):
        os.close(self.terminal)
        os.close(self.answers)
        os.waitpid(self.pid, 0)


class Fish:
    def __init__(self, completions, directory, environment):
        place = pathlib.Path(directory, "data/fish/vendor_completions.d")
        place.mkdir(parents=True)
        for tool in TOOLS:
            shutil.copy(os.path.join(completions, tool + ".fish"), place)
        self.directory = directory
        self.environment = {**environment, "TERM": "dumb", "HOME": directory,
                            "XDG_DATA_DIRS": f"{directory}/data:/usr/local/share:/usr/share"}

    def ask(self, line):
        done = subprocess.run(["fish", "-c", "complete -C $argv[1]", line], cwd=self.directory,
                              env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=TIMEOUT, check=True, text=True)
        if done.stderr:
            raise ValueError(f"{line!r}: {done.stderr}")
        return [(*text.split("\t"), "")[:2] for text in done.stdout.splitlines()], None

    def close(self):
        pass


def start(name, completions, directory, tools):
    """A shell in @directory. The tools of the build are those that it finds first."""
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                   "INPUTRC": "/dev/null"}
    if name == "bash":
        return Terminal(["bash", "--norc", "--noprofile", "-i"], BASH, completions, directory,
                        environment)
    if name == "zsh":
        return Terminal(["zsh", "-f", "-i"], ZSH, completions, directory, environment)
    return Fish(completions, directory, environment)
