# SPDX-License-Identifier: MIT
"""
bcc-syscalls --stream and strace(1) look at the same programs at the same time. Their lines are
compared call by call: what differs is in the tables of docs/strace.md, or is a failure.
"""

import re
import sys

from harness import ROOT, Case, each, fresh_path
from strace_lines import differences, strace_calls, tool_calls

TOOL = "bcc-syscalls"

# Programs by subject. Each subject is a test, and takes a second or two.
PROGRAMS = {
    "list": "ls -l /etc; find /etc/apt -name '*.list'; stat /etc; readlink /proc/self/exe",
    "copy": "cp /etc/passwd a; mv a b; ln b c; ln -s b d; cat b d; rm b c d; tee e < /etc/group",
    "search": "grep -r root /etc/passwd /etc/group; sed s/root/x/ /etc/passwd; cmp a b",
    "archive": "tar cf a.tar /etc/passwd; tar tf a.tar; gzip -k a.tar; gunzip -c a.tar.gz | wc",
    "text": "sort /etc/passwd | uniq | head -3; tail -2 /etc/group; cut -d: -f1 /etc/passwd; "
            "tr a b < /etc/passwd; od -c /etc/hostname; md5sum /etc/passwd; seq 3",
    "directories": "mkdir -p d/e; chmod 700 d; chown 0:0 d; touch d/f; rmdir d/e; rm -r d",
    "who": "date; id; uname -a; hostname; env; pwd; whoami; tty; df /",
    "data": "dd if=/dev/zero of=z bs=1000 count=3; truncate -s 5 z; sync z; split -b 2 z; rm x??",
    "shell": "trap 'echo got' USR1; kill -USR1 $$; (exit 3); umask 077; echo $(echo a | cat)",
    "bash": "bash -c 'ulimit -n; sleep 0.01 & wait; kill -0 $$; exec 5< /etc/passwd; read x <&5'",
    "processes": "timeout 0.05 sleep 5; nice -n 5 true; nohup true; env -i true; "
                 "xargs -n1 echo < /etc/hostname; mkfifo ff; rm ff; flock lockfile true",
    "perl": "perl -e 'print 1; system \"true\"; open F, \">f\"; printf F 5; close F'",
    "python": f"{sys.executable} -S -c 'import os, subprocess; os.kill(os.getpid(), 0); "
              "print(os.stat(\"/\")); subprocess.run([\"true\", \"x\" * 50])'",
    "sockets": f"{sys.executable} -S -c '"
               "import socket\n"
               "a, b = socket.socket(), socket.socket()\n"
               "a.setsockopt(1, 2, 1); a.bind((\"127.0.0.1\", 0)); a.listen()\n"
               "b.connect(a.getsockname()); c, _ = a.accept(); b.sendall(b\"x\\0\\x1b\" * 30)\n"
               "c.recv(99); c.getpeername(); c.getsockopt(1, 4); c.shutdown(2)\n"
               "d = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
               "e = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)\n"
               "e.bind(\"s\"); e.sendto(b\"hi\", \"s\"); e.recvfrom(9)\n"
               "f = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); f.bind((0, 0))\n"
               "socket.socketpair()'",
    "files": f"{sys.executable} -S -c '"
             "import fcntl, mmap, os\n"
             "f = os.open(\"f\", os.O_RDWR | os.O_CREAT | os.O_SYNC | os.O_TRUNC, 0o640)\n"
             "os.pwrite(f, bytes(range(256)), 3); os.pread(f, 99, 100); os.lseek(f, 5, 2)\n"
             "fcntl.fcntl(f, fcntl.F_GETFL); fcntl.fcntl(f, fcntl.F_SETFL, os.O_APPEND)\n"
             "fcntl.fcntl(f, fcntl.F_GETFD); fcntl.fcntl(f, fcntl.F_DUPFD, 20)\n"
             "fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB); os.posix_fallocate(f, 0, 9)\n"
             "m = mmap.mmap(f, 99); m.flush(); m.madvise(mmap.MADV_DONTNEED); m.close()\n"
             "os.rename(\"f\", \"g\")\n"
             "os.memfd_create(\"m\"); os.pipe(); os.umask(0o22); os.access(\"g\", 5)\n"
             "os.unlink(\"g\"); os.mkfifo(\"p\"); os.unlink(\"p\")\n"
             "os.mkdir(\"q\", 0o711); os.rmdir(\"q\")'",
}


def known_differences():
    """
    The rows of the tables in docs/strace.md, as {(call, argument)}: those that are an address in
    the tool's line, and the others.
    """
    addresses, others = set(), set()
    for section in (ROOT / "docs/strace.md").read_text().split("\n## ")[1:]:
        known = addresses if "as an address" in section.splitlines()[0] else others
        for calls, what in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([\w, ]+) \|", section, re.M):
            known |= {(call, int(word) if word.isdigit() else word)
                      for call in re.findall(r"`(\w+)`", calls) for word in what.split(", ")}
    return addresses, others


def is_known(call, what, our):
    addresses, others = known_differences()
    if (call, what) in addresses:
        return bool(re.fullmatch("0x[0-9a-f]+|0|NULL", our))
    return (call, what) in others


class Strace(Case):
    def both(self, program):
        """The same calls as strace prints them and as the tool does: two dicts by process."""
        out, directory = fresh_path("strace"), fresh_path("directory")
        directory.mkdir()
        run = self.run_tool(TOOL, "--stream", "--buffer", "4096", "--", "strace", "-f", "-o", out,
                            "sh", "-c", f"cd {directory}; {program}")
        self.assertNotIn("dropped", run.err)
        theirs = strace_calls(out.read_text(errors="surrogateescape"))
        ours = tool_calls(run.out.decode(errors="surrogateescape"))
        # strace's child makes calls of its own until it executes the program.
        first = next(iter(theirs))
        begin = [c.name == "execve" and c.result == "0" for c in ours[first]].index(True)
        ours[first] = ours[first][begin:]
        return theirs, {pid: ours.get(pid, []) for pid in theirs}

    @each(*PROGRAMS)
    def test_programs(self, subject):
        theirs, ours = self.both(PROGRAMS[subject])
        self.assertEqual({pid: [c.name for c in calls] for pid, calls in ours.items()},
                         {pid: [c.name for c in calls] for pid, calls in theirs.items()})
        found, compared = {}, 0
        for pid, calls in theirs.items():
            for their, our in zip(calls, ours[pid]):
                compared += 1
                for what, _, our_words in differences(their, our):
                    if not is_known(their.name, what, str(our_words)):
                        found.setdefault((their.name, what), (their.line, our.line))
        self.assertEqual(found, {})
        self.assertGreater(compared, 100)

    def test_known_differences_are_read(self):
        """The table is there, and says nothing of what the lines are for."""
        self.assertTrue(is_known("statfs", 2, "0x7ffc1000"))
        self.assertFalse(is_known("statfs", 2, "{}"))
        for call, what in (("openat", 3), ("write", 2), ("connect", 2), ("execve", 2)):
            self.assertFalse(is_known(call, what, "0x7ffc1000"))
