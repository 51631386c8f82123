# SPDX-License-Identifier: MIT
"""The lessons, run as a reader would run them: each command, and what the page says it prints."""

import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile

import pages
from harness import (ROOT, SLOW, TOOLS, Case, each, essential, host_compiles, kernel_version,
                     patience, scratch, tool_environment, tool_path, wait_until)
from test_openat_hooks import can_have

LESSONS = sorted(path.name for path in (ROOT / "docs" / "learn").glob("[0-9]*.md"))
HOOKS = ("fexit", "kprobe", "tracepoint", "sys_exit", "raw_syscalls")


def is_there(fact):
    """What a block can ask for with `<!-- where: FACT, ... -->`: a hook, processors, a program."""
    if fact.startswith("no "):
        return not is_there(fact.removeprefix("no "))
    if fact in HOOKS:
        return can_have(fact)
    if fact == "user namespaces":
        return subprocess.run(["unshare", "-r", "true"], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0
    if fact == "tracefs":
        return os.path.exists("/sys/kernel/tracing/events")
    if fact == os.uname().machine:
        return True
    if fact == "libbcc":  # to compile with, in reasonable time
        return os.path.exists("/usr/include/bcc/bcc_common.h") and not SLOW
    if fact == "registers":  # raw tracepoints, which have them, miss nothing until then
        return kernel_version() < (6, 19)
    if fact == "processors":
        return os.cpu_count() > 1
    if fact == "BTF":
        return os.path.exists("/sys/kernel/btf/vmlinux")
    return shutil.which(fact) is not None


def script(path, text):
    path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


class PageCase(Case):
    """A page's commands are run in a directory like the top of the project."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(dir=scratch()))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.environment = {**tool_environment(), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
        self.environment.pop("LD_PRELOAD", None)
        preload = " ".join(f"{name}={value}" for name, value in host_compiles().items())
        for tool in TOOLS:
            script(self.directory / tool, f'exec env {preload} {tool_path(tool)} "$@"\n')
        for name in "docs", "programs", "src":
            (self.directory / name).symlink_to(ROOT / name)
        # The tests are root's: there may be no sudo, or one that is not configured.
        (self.directory / "bin").mkdir()
        script(self.directory / "bin" / "sudo", 'exec env "$@"\n')
        self.environment["PATH"] = f"{self.directory}/bin:{self.environment['PATH']}"

    def output_of(self, command, ctrl_c=None):
        """
        What a command prints until it ends: what it has started may go on, with the same output.
        Ctrl-C is pressed as soon as it prints the text @ctrl_c.
        """
        with tempfile.TemporaryFile() as output:
            shell = subprocess.Popen(["bash", "-c", command], cwd=self.directory,
                                     env=self.environment, stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=subprocess.STDOUT, start_new_session=True)
            self.addCleanup(self.end_session, shell)

            def printed():
                return os.pread(output.fileno(), os.fstat(output.fileno()).st_size, 0).decode(
                    errors="replace")

            if ctrl_c:
                wait_until(lambda: ctrl_c in printed() or shell.poll() is not None, patience(30))
                self.signal_session(shell, signal.SIGINT)
            try:
                shell.wait(patience(30))
            except subprocess.TimeoutExpired:
                self.fail(f"{command}: takes too long: {printed()}")
            return printed().splitlines()

    def signal_session(self, shell, number):
        try:
            os.killpg(shell.pid, number)
        except ProcessLookupError:
            pass

    def end_session(self, shell):
        """Of a command that took too long, or has left something running."""
        self.signal_session(shell, signal.SIGKILL)
        shell.wait()

    def is_there(self, fact):
        return is_there(fact)

    def can_run(self, step):
        facts = [fact.strip() for fact in step.said.get("where", "").split(",")]
        return all(self.is_there(fact) for fact in facts if fact)

    def follow(self, page, section=None):
        """Run a page, or the section below a heading of it, step by step."""
        text = page.read_text(encoding="utf-8")
        asked = pages.lines_of(text, section)
        for step in pages.steps_of(text):
            if step.line not in asked:
                continue
            if step.name:
                (self.directory / step.name).write_text(step.text, encoding="utf-8")
            elif self.can_run(step):
                lines = self.output_of(step.command, step.said.get("ctrl-c"))
                missing = pages.first_difference(step.expected, lines, step.said)
                if missing is not None:
                    self.fail("\n".join([f"{page.name}:{step.line}: {step.command}",
                                         f"expected: {missing}", "printed:", *lines]))


@essential
class Lessons(PageCase):

    @each(*LESSONS)
    def test_lesson(self, name):
        self.follow(ROOT / "docs" / "learn" / name)

    def test_files_are_those_of_the_pages(self):
        """Who does not want to type copies them from docs/learn/files/."""
        pages_have = {step.name: step.text for name in LESSONS for step in pages.steps_of(
            (ROOT / "docs" / "learn" / name).read_text(encoding="utf-8")) if step.name}
        there_are = {path.name: path.read_text(encoding="utf-8")
                     for path in (ROOT / "docs" / "learn" / "files").iterdir()}
        self.assertEqual(there_are, pages_have)


class Matching(Case):
    """A test of pages that could not fail would prove nothing."""

    is_there = staticmethod(is_there)

    def difference(self, page, printed, **said):
        return pages.first_difference(page.splitlines(), printed.splitlines(), said)

    @each(("COUNT  12.5us\n", "COUNT 7ms"), ("...\nlast 1", "a\nb\nlast 22"), ("a\n...", "a\nb"),
          ("a ... z", "a b c z"), ("0xffff99 |@@@  |", "0x1 |@       |"), ("", ""),
          ("a\n\nb", "a\nb\n"), ("x=12,y 1.5%", "x=1,y 100%"), ('"a":1,...', '"a":23,"b"'))
    def test_fits(self, case):
        self.assertIsNone(self.difference(*case))

    @each(("a", "b"), ("a", "a\nb"), ("a\nb", "a"), ("a\nb", "b\na"), ("12", "x"), ("x", "12"),
          ("a 1 b", "a 1 c"), ("a\n...\nb", "a\nc"), ("a|b", "a"))
    def test_does_not_fit(self, case):
        self.assertIsNotNone(self.difference(*case))

    def test_exact(self):
        self.assertIsNone(self.difference("write 1000 12", "write 1000 99", exact="1000"))
        self.assertIsNotNone(self.difference("write 1000 12", "write 1001 12", exact="1000"))
        self.assertIsNone(self.difference('"n":10,"m":2', '"n":10,"m":3', exact="10"))
        self.assertIsNotNone(self.difference('"n":10,"m":2', '"n":11,"m":2', exact="10"))

    def test_where(self):
        def can_run(where):
            return PageCase.can_run(self, pages.Step(1, {"where": where}))
        self.assertTrue(can_run("cat, no such-program, true"))
        self.assertFalse(can_run("cat, such-program"))

    def test_any(self):
        self.assertIsNone(self.difference("a kprobe:x b", "a fexit:x b", any="kprobe:x"))
        self.assertIsNotNone(self.difference("a kprobe:x b", "a fexit:x b"))

    def test_never(self):
        self.assertIsNone(self.difference("write 3", "write 2", never="3"))
        self.assertIsNotNone(self.difference("write 3", "write 3", never="3"))

    @each(("a", "Tracing x\na"), ("Tracing x\na", "Tracing x\na"), ("a", "Tracing x\nbcc-openat: "
          "the kernel has no BTF: without files (see\na"))
    def test_notices_may_be_left_out(self, case):
        self.assertIsNone(self.difference(*case))

    @each(("Tracing y\na", "Tracing x\na"), ("Tracing y\na", "a"), ("a", "bcc-openat: x\na"))
    def test_notices_that_are_shown_must_fit(self, case):
        self.assertIsNotNone(self.difference(*case))

    def test_sections(self):
        text = "# A\n\n## B\nb\n```\n## no\n```\n### C\n## D\nd\n"
        self.assertEqual(pages.sections_of(text), ["B", "D"])
        self.assertEqual(pages.lines_of(text, "B"), range(3, 9))
        self.assertEqual(pages.lines_of(text, "D"), range(9, 12))
        self.assertEqual(pages.lines_of(text), range(1, 12))

    def test_steps(self):
        text = ("<!-- file: a.c -->\n```c\nint x;\n```\n\n<!-- exact: 3 -->\n```console\n"
                "$ cmd \\\n> more\nout 3\n\n$ second\n```\n<!-- not run: slow -->\n"
                "```console\n$ never\n```\n")
        steps = list(pages.steps_of(text))
        self.assertEqual([(step.name, step.command, step.expected) for step in steps],
                         [("a.c", None, []), (None, "cmd \\\nmore", ["out 3", ""]),
                          (None, "second", [])])
        self.assertEqual([step.line for step in steps], [3, 8, 12])
        self.assertEqual(steps[1].said, {"exact": "3"})
