# SPDX-License-Identifier: MIT
"""
bcc-syscalls --stream shows what arguments point to: buffers, socket addresses, argv. The lines have
what a call was given when it began, and what it has filled when it returned.
"""

import sys

from harness import Case, each, essential, fresh_path
from strace_lines import tool_calls

TOOL = "bcc-syscalls"


class LineCase(Case):
    def lines(self, calls, *command, options=()):
        """The lines of these calls of a command: [(name, arguments, result)] in order."""
        run = self.run_tool(TOOL, "--stream", "-e", calls, *options, "--", *command)
        self.assertEqual(run.status, 0, run)
        self.assertNotRegex(run.out, rb"[\x00-\x09\x0b-\x1f\x7f]", run)
        found = tool_calls(run.out.decode())
        return [(c.name, c.args, c.result) for calls in found.values() for c in calls]

    def python(self, calls, program, *args, options=()):
        """The same of a Python program, once it has called getppid."""
        lines = self.lines(calls + ",getppid", sys.executable, "-c",
                           "import os, socket, sys\n" + program, *map(str, args), options=options)
        names = [name for name, _, _ in lines]
        return [line for line in lines[names.index("getppid") + 1:] if line[0] != "getppid"]


@essential
class Buffers(LineCase):
    PROGRAM = """
r, w = os.pipe()
data = b'a"\\n\\0' + b'\\x1b[2J' + b'z' * 3000
os.getppid()
os.write(w, data)
os.read(r, 4)
os.read(r, 5000)
os.write(w, b'')
os.close(w)
os.read(r, 10)
os.getppid()
os._exit(0)
"""
    START = '"a\\"\\n\\0\\33[2J'

    @each(5, 32, 2048)
    def test_as_long_as_wanted(self, limit):
        lines = self.python("read,write", self.PROGRAM, options=("--string-limit", limit))
        dots = '"...'
        self.assertEqual([(name, args[1], result) for name, args, result in lines], [
            ("write", (self.START + "z" * (limit - 8) if limit > 8 else '"a\\"\\n\\0\\33') + dots,
             "3008"),
            ("read", '"a\\"\\n\\0"', "4"),
            ("read", ('"\\33[2J' + "z" * (limit - 4) if limit > 5 else '"\\33[2Jz') + dots, "3004"),
            ("write", '""', "0"),
            ("read", '""', "0")])

    def test_default(self):
        lines = self.python("write", self.PROGRAM)
        self.assertEqual(lines[0][1][1], self.START + "z" * 24 + '"...')

    def test_none(self):
        lines = self.python("read,write,execve", self.PROGRAM, options=("--string-limit", "0"))
        for _, args, _ in lines:
            self.assertRegex(args[1], "^0x[0-9a-f]+$")

    def test_what_cannot_be_read(self):
        lines = self.python("write,read", """
import ctypes
libc = ctypes.CDLL(None)
r, w = os.pipe()
os.getppid()
libc.write(w, ctypes.c_void_p(0x10), 5)
libc.write(w, None, 0)
libc.read(-1, ctypes.c_void_p(0x10), 5)
os._exit(0)
""")
        self.assertEqual([(args[1], result) for _, args, result in lines],
                         [("0x10", "-1 EFAULT (Bad address)"), ("NULL", "0"),
                          ("0x10", "-1 EBADF (Bad file descriptor)")])

    def test_records_have_numbers(self):
        run = self.run_tool(TOOL, "--stream", "-e", "write", "--", "/bin/echo", "x", output="json")
        run.check()
        self.assertTrue(run.events and all(isinstance(e["args"]["buf"], int) for e in run.events))

    @each("--string-limit 5", "--stream -o json --string-limit 5", "--stream --string-limit 2049",
          "--stream --string-limit -1")
    def test_not_with(self, options):
        run = self.run_tool(TOOL, *options.split())
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertIn("--string-limit", run.err)

    def test_only_what_the_calls_need(self):
        for calls, has in (("getppid", False), ("write", True), ("%network", True)):
            run = self.run_tool(TOOL, "--stream", "-e", calls, "--ebpf")
            self.assertEqual(b"givens" in run.out, has, calls)


@essential
class Addresses(LineCase):
    def test_unix(self):
        lines = self.python("bind,connect,sendto,recvfrom,accept4,getsockname", """
name = '\\0bcc-tools-%d' % os.getpid()
a, b = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))
os.getppid()
a.bind(name); a.sendto(b'hi', name); a.recvfrom(10); b.connect(name)
try: b.connect(sys.argv[1])
except OSError: pass
os._exit(0)
""", "/nonexistent/socket")
        name = lines[0][1][1].split('"')[1]
        address, size = '{sa_family=AF_UNIX, sun_path=@"' + name + '"}', str(3 + len(name))
        self.assertRegex(name, r"^bcc-tools-\d+$")
        self.assertEqual([(n, args[1:], r) for n, args, r in lines], [
            ("bind", [address, size], "0"),
            ("sendto", ['"hi"', "2", "0", address, size], "2"),
            ("recvfrom", ['"hi"', "10", "0", address, f"[110 => {size}]"], "2"),
            ("connect", [address, size], "0"),
            ("connect", ['{sa_family=AF_UNIX, sun_path="/nonexistent/socket"}', "22"],
             "-1 ENOENT (No such file or directory)")])

    def test_internet(self):
        lines = self.python("bind,connect", """
a, b = socket.socket(), socket.socket(socket.AF_INET6)
os.getppid()
for s, address in ((a, ("0.0.0.0", 0)), (b, ("::", 0)), (a, ("127.1.2.3", 9))):
    try: (s.connect if address[1] else s.bind)(address)
    except OSError: pass
os._exit(0)
""")
        self.assertEqual([(name, args[1]) for name, args, _ in lines], [
            ("bind", '{sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}'),
            ("bind", '{sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), '
             'inet_pton(AF_INET6, "::", &sin6_addr), sin6_scope_id=0}'),
            ("connect", '{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.1.2.3")}')])


@essential
class Argv(LineCase):
    def test_of_each_exec(self):
        """Of a program, of one that is not there, of a script, whose interpreter gets others."""
        script = fresh_path("script")
        script.write_text("#!/bin/sh -e\nexit 0\n")
        script.chmod(0o755)
        lines = self.python("execve", """
os.getppid()
for path in sys.argv[1:]:
    pid = os.fork()
    if pid == 0:
        try: os.execv(path, [os.path.basename(path), "a\\nb", "", "x" * 40])
        except OSError: os._exit(0)
    os.waitpid(pid, 0)
os._exit(0)
""", "/bin/true", "/nonexistent/true", script)
        argv = '["%s", "a\\nb", "", "' + "x" * 32 + '"...]'
        self.assertEqual([(args[:2], result) for _, args, result in lines], [
            (['"/bin/true"', argv % "true"], "0"),
            (['"/nonexistent/true"', argv % "true"], "-1 ENOENT (No such file or directory)"),
            ([f'"{script}"', argv % script.name], "0")])

    def test_of_a_thread(self):
        """A thread that executes a program takes the id of its process."""
        script = fresh_path("script")
        script.write_text("#!/bin/sh\nexit 0\n")
        script.chmod(0o755)
        lines = self.python("execve", """
import threading
os.getppid()
threading.Thread(target=lambda: os.execv(sys.argv[1], ["one", "two"])).start()
""", script)
        self.assertEqual([(args[:2], result) for _, args, result in lines],
                         [([f'"{script}"', '["one", "two"]'], "0")])

    def test_many(self):
        """More strings and bytes than are read."""
        lines = self.lines("execve", "/bin/true", *["a"] * 100)
        self.assertEqual(lines[0][1][1], '["/bin/true", ' + '"a", ' * 31 + "...]")
        lines = self.lines("execve", "/bin/true", *["b" * 1000] * 10)
        self.assertRegex(lines[0][1][1],
                         r'^\["/bin/true", ("b{32}"\.\.\., ){2,3}\.\.\.\]$')


@essential
class Changed(LineCase):
    """Another thread changes what a call was given, while it waits."""

    PROGRAM = """
import ctypes, mmap, threading
r, w = os.pipe()
os.write(w, bytes(65536))
if sys.argv[1] == "cold":
    fd = os.open(sys.argv[2], os.O_RDWR)
    page = mmap.mmap(fd, 4096)
else:
    page = mmap.mmap(-1, 4096)
    page[:6] = b"before"
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
libc = ctypes.CDLL(None)
def change():
    while open(f"/proc/self/task/{tid}/syscall").read().split()[1:4:2] != [hex(w), "0x1000"]: pass
    if sys.argv[1] == "gone": libc.munmap(ctypes.c_void_p(address), 4096)
    elif sys.argv[1] == "warm": page[:6] = b"behind"
    os.read(r, 65536)
tid = threading.get_native_id()
thread = threading.Thread(target=change)
os.getppid()
thread.start()
libc.write(w, ctypes.c_void_p(address), 4096)
os._exit(0)
"""

    @each("warm", "cold", "gone")
    def test_buffer(self, how):
        path = fresh_path("page")
        path.write_bytes(b"before" + bytes(4090))
        lines = self.python("write", self.PROGRAM, how, path)
        texts = [args[1] for _, args, _ in lines if args[2] == "4096"]
        self.assertEqual([text[:9] for text in texts], ['"before\\0'], lines)
