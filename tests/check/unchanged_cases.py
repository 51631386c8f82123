# SPDX-License-Identifier: MIT
"""The command lines that tests/check/unchanged runs, as data.

A case is a list of arguments. `@NAME` at the end stands for one of WORKLOADS as the COMMAND;
`@@NAME` stands for a workload that waits at its gate until the tool has attached to it.
"""

WORKLOADS = {
    "calls": "workload getppid 5 + syscall close 3 -1 + spawn 2 getppid 7",
    "line": "workload getppid 5 + syscall close 3 -1 + comm other + getppid 2 + openat 2 1",
    "stream": "workload syscall close 3 -1 + openat 2 1 + comm other + syscall 32 2 -1",
    "wait": "workload syscall close 5 -1 + wait clock_nanosleep 3 20",
    "compat": "workload compat 3 4 + getppid 5",
    "opens": "opener open openat 5 /dev/null + open openat 3 /nonexistent/x + distinct 9 "
             "/nonexistent/y + comm other + open openat 2 /dev/zero 1",
    "all": "opener open openat 2 /dev/null + open openat2 1 /nonexistent/x + open creat 1 "
           "/dev/null + open open 3 /dev/zero + open i386:openat 1 /dev/null",
    "uring": "opener open io_uring:openat 2 /dev/null + open openat 1 /dev/null",
    "relative": "opener at /dev + open openat 2 null + open openat 3 nosuch + open openat 1 zero",
    "children": "opener children 12 kid 3 2",
    "lives": "workload exec 2 + exit 3 4 + signal 9 15 + threads 2 + vfork 2 + fork 1",
    "argv": "workload exec-argv one two\\x09tab three",
    "shell": "sh -c :;/nonexistent/program;exit_4",
    "false": "/bin/false",
}

FORMATS = ([], ["-o", "json"], ["-o", "csv"])
TOOLS = ("bcc-syscalls", "bcc-fork", "bcc-openat")

# Each line: a workload, then options; each runs in all three formats.
SYSCALLS_ALL_FORMATS = """
@calls
@line --by process -e getppid,close
@line --by thread -e getppid,close,openat
@line --by comm,syscall -e getppid,close,openat
@line --by errno -e close,openat
@line --by user,syscall -e getppid,close
@line --by process,syscall,errno -e getppid,close,openat
@calls -L --by process,syscall -e getppid,close
@wait -L --histogram -e clock_nanosleep
@line -x --by syscall,errno
@line --cumulative -e getppid,close
@stream --stream -e close,openat,dup
@stream --stream -x -T -e close,openat,dup
@compat -e getppid,close,i386:getppid,i386:close
"""

# As above, but only as a table.
SYSCALLS_TABLE = """
@line -e %desc,!write
@line -e get* -T
@line -e 3,110
@line --errno ENOENT
@line --errno 2,9 --by errno
@line -x -L --by syscall
@line --top 3
@line --top 2 --by process,syscall -s -calls
@line -s syscall
@line -s -syscall -e getppid,close,openat
@line -s errors
@line -L -s calls
@line -n other --by comm,syscall
@line -u root -e getppid,close
@line -u 65534 -e getppid
@line --stats -e getppid
@line -q -e getppid
@line -v -e getppid,close
@line -v -L --by process
@stream -v --stream -e close
@line --as nobody --by user -e getppid,close
@line --no-clear --stats -L -e close
@line --by cgroup -e getppid
@line -c {cgroup} -e getppid
@line -c {cgroup}/nosuch
@stream --stream -L -e close
@stream --stream --errno EBADF
@stream --stream --buffer 8 -e dup
@false -e exit_group
@calls --by process,thread,comm,user,syscall,errno -e getppid,close
@@calls -p {pid} -e getppid,close
@@calls -p {pid} --descendants --by process -e getppid,close
@@calls --ppid {pid} --by process -e getppid -o json
@@calls -t {pid} -e getppid,close -o json
@@line -p {pid} -n other -o csv -e getppid,openat
"""

OPENAT_ALL_FORMATS = """
@opens
@opens --by path
@opens --by dir,errno
@opens --by thread,path -x
@opens --by comm
@opens --by process,path -L
@opens --distinct
@opens --distinct -L --histogram --by dir
@all -a --by call,path
@all -a --stream
@uring -a --by call,path
@relative -F --by path
@relative -F --stream
@children --by comm
@opens --stream -T
@opens --no-results
"""

OPENAT_TABLE = """
@opens -w
@opens -w --by path
@opens --flags O_CREAT,O_WRONLY --by path
@opens --path /dev/* --by path
@opens --path *[yx]3 --by path
@opens --errno ENOENT --by errno
@opens --errno 2,13 --by path
@opens --top 2 --by path
@opens -s path --by path
@opens -s -opens --by path
@opens -s failed --by path
@opens -s failed_share --by dir
@opens -s share --by errno
@opens -L -s opens
@opens --by user
@opens --by cgroup
@opens -u root --by user,dir
@opens -n other --by comm,path
@opens --stats
@opens -q
@opens -v
@opens -v -L --distinct --by dir
@opens -v --stream
@opens --hook tracepoint
@opens --hook sys_exit
@opens --hook raw_syscalls
@opens --hook kprobe
@opens --hook fexit
@opens --as nobody --by user
@opens --no-results --by path
@opens --stream -x
@opens --stream -w
@opens --stream --path /dev/n*
@opens --stream -q --buffer 8
@opens -T --no-clear
@all --by call
@all -a -w --by call
@relative --by path
@relative --by dir
@relative -F --by dir
@relative --stream
@children --by process
@children --distinct
@false
@@opens -p {pid} --by path
@@opens -t {pid} -x -o json
@@children --ppid {pid} --by comm -o csv
@@children -p {pid} --descendants -o json
@@opens --stream -p {pid}
"""

FORK_ALL_FORMATS = """
@lives
@lives -x
@lives -x --lineage
@lives -E fork,exec
@lives -E exit --rusage
@lives -E thread -T
@lives --summary
@argv
@shell -x
"""

FORK_TABLE = """
@lives --tree --lineage -T
@lives -E exec --tree
@lives -x --tree
@lives -E fork
@lives --rusage -E exit --lineage
@lives --summary --top 2
@lives --summary -x
@lives --summary -E exit
@lives --stats
@lives -q
@lives -v
@lives -v -x --rusage --lineage
@argv --max-args 16
@lives --host-pids
@lives --as nobody
@lives -u root -E exec
@lives -u 65534
@lives -n workload -E fork
@lives -n other*
@lives --buffer 8
@shell
@false
@@lives -p {pid}
@@lives -p {pid} --descendants
@@lives --ppid {pid} -o json
@@lives -t {pid} -E fork -o csv
"""

# No COMMAND: nothing has this name, so that the report is empty.
EMPTY = ["-n", "no-such-name", "-d", "0.1", "-i", "0"]

ASKED = [["--help"], ["--help", "all"], ["--version"], ["-h"], ["-V"], ["--check"],
         ["--check", "-o", "json"]]

LISTS = [[], ["-e", "%file"], ["-e", "%signal,!kill"], ["-e", "open*"], ["-e", "i386:open*"],
         ["-e", "3,x32:3"], ["-q"]]

# What these print counts only if the tool rejects them; BRIEF ends those that it accepts.
BRIEF = ["-d", "0.1"]
WRONG_ANYWHERE = [
    ["--bogus"], ["--stat"], ["-Z"], ["word"], ["--pid"], ["--pid="], ["-p", "0"], ["-p", "x"],
    ["-p", "1,,2"], ["-p", "99999999999"], ["-p", "3999999"], ["-t", "-1"], ["--ppid", "a"],
    ["-u", "no-such-user"], ["-u", ""], ["-n", "[a"], ["-n", ""], ["-n", "[z-a]"],
    ["-c", "/nonexistent/cgroup"],
    ["-i", "x"], ["-i", "-1"], ["-d", "0"], ["-d", "1e"], ["-i", "0.00001"], ["-o", "xml"],
    ["--top", "0"], ["--top", "x"], ["-s", "bogus"], ["-s", ""], ["--as", "nobody"],
    ["--descendants"], ["--buffer", "3"], ["--by", "bogus"], ["--by", ""], ["--help=x"],
    ["--as", "no-such-user", "--", "/bin/true"], ["--", "/nonexistent/program"], ["--"],
    ["--", "/etc/passwd"], ["-p", "1", "--", "/bin/true"], ["--tre"], ["--vrbose"],
]

WRONG = {
    "bcc-syscalls": [
        ["-e", "nosuch"], ["-e", "%nosuch"], ["-e", ""], ["-e", "99999"], ["-e", "!*"],
        ["--errno", "EBOGUS"], ["--errno", ""], ["--histogram"], ["--stream", "--by", "process"],
        ["--stream", "--cumulative"], ["--buffer", "8"], ["--stream", "--top", "3"],
        ["--by", "syscall,syscall"], ["-s", "blocked"], ["--list", "-e", "nosuch"],
        ["-T", "-o", "csv"],
        ["-e", "opnat"], ["--by", "sycall"], ["--hook", "kprobe"], ["--stream", "-s", "calls"],
    ],
    "bcc-fork": [
        ["-E", "bogus"], ["-E", ""], ["--max-args", "x"], ["--max-args", "0"], ["--top", "3"],
        ["-s", "pid"], ["-i", "1"], ["--summary", "--tree"], ["--rusage", "-E", "fork"],
        ["-x", "-E", "exit"], ["-E", "exce"], ["--summary", "--lineage"], ["-L"],
    ],
    "bcc-openat": [
        ["--flags", "O_BOGUS"], ["--flags", ""], ["--path", ""], ["--path", "[z"],
        ["--errno", "x"], ["--hook", "bogus"], ["--histogram"], ["--no-results", "-x"],
        ["--no-results", "-L"], ["--stream", "--by", "path"], ["--stream", "--distinct"],
        ["-F"], ["-F", "--by", "comm"], ["-s", "path"], ["-s", "paths"], ["--by", "call,call"],
        ["--buffer", "8"], ["--no-results", "--stream"], ["--hook", "kprobe", "-a"],
        ["--all", "--hook", "fexit"], ["-s", "opens_s"],
    ],
}


def _lines(text):
    return [line.split() for line in text.split("\n") if line]


def _observed():
    """Yields (tool, workload, options) of every case that runs a workload."""
    tables = {"bcc-syscalls": (SYSCALLS_ALL_FORMATS, SYSCALLS_TABLE),
              "bcc-openat": (OPENAT_ALL_FORMATS, OPENAT_TABLE),
              "bcc-fork": (FORK_ALL_FORMATS, FORK_TABLE)}
    for tool, (every, single) in tables.items():
        report_once = [] if tool == "bcc-fork" else ["-i", "0"]
        for workload, *options in _lines(every):
            for form in FORMATS:
                once = [] if "--stream" in options else report_once
                yield tool, workload, [*once, *options, *form]
        for workload, *options in _lines(single):
            once = [] if "--stream" in options else report_once
            yield tool, workload, [*once, *options]


def cases():
    """Return a dict: the text of a command line -> (tool, workload or None, options)."""
    found = list(_observed())
    for tool in TOOLS:
        empty = EMPTY[:-2] if tool == "bcc-fork" else EMPTY
        found += [(tool, None, [*empty, *form]) for form in FORMATS]
        found += [(tool, None, options) for options in ASKED]
        found += [(tool, None, [*BRIEF, *options]) for options in WRONG_ANYWHERE + WRONG[tool]]
    for form in FORMATS:
        found += [("bcc-syscalls", None, ["--list", *options, *form]) for options in LISTS]
    return {" ".join([tool, *map(repr_word, options), *([workload] if workload else [])]):
            (tool, workload, options) for tool, workload, options in found}


def repr_word(word):
    return word if word else "''"
