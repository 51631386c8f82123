# SPDX-License-Identifier: MIT
"""--explain, and --program: a copy of the program that the reader has changed."""

import os
import re

from harness import NOBODY, TOOLS, Case, each, essential, fresh_path, per_tool, workload_path

SYSCALLS = "bcc-syscalls"
PARAMETERS = re.compile(r"^/\* PARAMETER.*\n", re.M)  # some differ from run to run


def sections(text):
    """The parts of an explanation by their headings."""
    parts = re.split(r"(?m)^([A-Z][A-Z ]+)\n", text)
    return dict(zip(parts[1::2], parts[2::2]))


def blocks(text):
    return [block for block in text.split("\n\n") if block.strip()]


class Explain(Case):
    """What a run does, for people; it takes no privilege and no run."""

    def explained(self, tool, *options, user=None):
        run = self.run_tool(tool, "--explain", *options, user=user)
        self.assertEqual((run.status, run.err), (0, ""), run)
        return sections(run.out.decode()), run

    @per_tool
    def test_without_privilege(self, tool):
        parts, run = self.explained(tool, user=NOBODY)
        self.assertEqual(list(parts), ["WHERE IT LOOKS", "WHAT IT KEEPS", "WHICH TASKS COUNT",
                                       "HOW IT COMES INTO THE KERNEL", "THE PROGRAM"], run)

    @per_tool
    def test_hooks_are_those_of_a_run(self, tool):
        parts, run = self.explained(tool, "--pid", os.getpid())
        named = re.findall(r"(?m)^ +\d+ (\S+)$", parts["WHERE IT LOOKS"])
        real = self.run_tool(tool, "--pid", os.getpid(), "--duration", "0.1", output="json")
        self.assertEqual(named, real.start["hooks"], run)

    @each("", "--by path", "--latency", "--stream")
    def test_all_is_explained(self, options):
        """Each hook says what happens there, each map what it is for."""
        for tool in TOOLS:
            given = options.split() if tool != "bcc-fork" else []
            given = [] if tool == SYSCALLS and "path" in given else given
            with self.subTest(tool=tool):
                parts, run = self.explained(tool, *given, "--descendants", "--pid", os.getpid())
                hooks = [block for block in blocks(parts["WHERE IT LOOKS"])
                         if re.match(r" +\d", block)]
                self.assertGreater(len(hooks), 0, run)
                for hook in hooks:
                    said = re.search(r"(?s)\n    ([A-Z][^\n]*\.)\n    Here \S+ runs", hook)
                    self.assertTrue(said, f"nothing is said of {hook!r}")
                maps = blocks(parts["WHAT IT KEEPS"])
                for one in maps:
                    self.assertRegex(one, r"\n {18}[A-Z].*", f"nothing is said of {one!r}")

    @per_tool
    def test_program_is_that_of_ebpf(self, tool):
        parts, run = self.explained(tool, "--name", "x*")
        plain = self.run_tool(tool, "--ebpf", "--name", "x*").out.decode()
        self.assertEqual(PARAMETERS.sub("", parts["THE PROGRAM"]).strip(),
                         PARAMETERS.sub("", plain).strip(), run)
        self.assertIn("--name x*", parts["WHICH TASKS COUNT"], run)
        self.assertIn("filter_passes", parts["WHICH TASKS COUNT"], run)
        # The numbers of the tool's own tasks are no part of the filter.
        self.assertNotIn("PARAMETER", parts["WHICH TASKS COUNT"], run)

    @per_tool
    def test_numbers_of_filters(self, tool):
        parts, run = self.explained(tool, "--pid", os.getpid(), "--ppid", 1)
        numbers = re.findall(r"is (\d+) in this run", parts["WHICH TASKS COUNT"])
        self.assertLessEqual({str(os.getpid()), "1"}, set(numbers), run)


class CopyCase(Case):
    OPTIONS = ("--interval", "0")

    def copy(self, change=lambda text: text, tool=SYSCALLS, options=OPTIONS):
        """What --ebpf prints for a command, changed, as a file that root alone can write."""
        text = self.run_tool(tool, *options, "--ebpf", "--", "true").out.decode()
        changed, path = change(text), fresh_path("program.c")
        path.write_text(changed, encoding="utf-8")
        path.chmod(0o644)
        return path

    def counted(self, path):
        run, _ = self.command(SYSCALLS, "getppid 1009", *self.OPTIONS, "--program", path)
        return run.table("syscall").get("getppid"), run

    def refused(self, path, *says, tool=SYSCALLS, **options):
        run = self.run_tool(tool, *self.OPTIONS, "--program", path, "--", workload_path(), "noop",
                            **options)
        self.assertEqual((run.status, run.out), (1, b""), run)
        for words in says:
            self.assertIn(words, run.err, run)


@essential
class Kernels(CopyCase):
    """The kernel decides whether a copy may run, and says why not."""

    def test_unchanged(self):
        counts, run = self.counted(self.copy())
        self.assertEqual(counts, (1009, 0), run)

    @per_tool
    def test_unchanged_of(self, tool):
        options = () if tool == "bcc-fork" else self.OPTIONS
        path = self.copy(tool=tool, options=options)
        run, _ = self.command(tool, "getppid 1", *options, "--program", path)
        self.assertEqual(sum(run.end["dropped"].values()), 0, run)

    @each(("raw_tracepoint", "sys_exit"), ("tracepoint", "raw_syscalls:sys_exit"))
    def test_it_decides_where_to_look(self, hook):
        """The tool takes the hooks for which the program has functions; it may have more."""
        kind, name = hook
        path = fresh_path("program.c")
        path.write_text("struct count { u64 errors; u64 calls; };\n"
                        "BPF_PERCPU_ARRAY(counts, struct count, 3072);\n"
                        "BPF_PERCPU_ARRAY(drops, u64, 7);\n"
                        f"int {kind}__sys_exit(void *ctx) {{ return 0; }}\n"
                        "int raw_tracepoint__sched_process_exit(void *ctx) { return 0; }\n"
                        "int tracepoint__sched_process_exit(void *ctx) { return 0; }\n",
                        encoding="utf-8")
        run = self.run_tool(SYSCALLS, "--program", path, "-i", "0", "-d", "0.1", output="json")
        self.assertEqual((run.status, run.start["hooks"][0]), (0, f"{kind}:{name}"), run)

    def test_the_verifier_says_why(self):
        """A value that may not be there is used as if it were."""
        path = self.copy(lambda text: re.sub(
            r"(?m)^\tstruct syscall_count \*c = counts.lookup\(&slot\);\n\n\tif \(c\) \{",
            "\tstruct syscall_count *c = counts.lookup(&slot);\n\n\tif (slot != -7) {", text))
        self.refused(path, "map_value_or_null")


class OwnProgram(CopyCase):
    """The reader's copy runs in place of the tool's program, and errors are those of its text."""

    def test_changed(self):
        counts, run = self.counted(self.copy(lambda text: text.replace("calls++", "calls += 2")))
        self.assertEqual(counts, (2018, 0), run)

    def test_clang_names_the_line(self):
        path = self.copy(lambda text: text.replace("calls++", "nosuch++"))
        line = path.read_text(encoding="utf-8").split("nosuch++")[0].count("\n") + 1
        self.refused(path, "clang rejects it", f"{path}:{line}:", "nosuch")

    def test_a_map_is_gone(self):
        path = self.copy(lambda text: text.replace("BPF_PERCPU_ARRAY(counts,",
                                                   "BPF_PERCPU_ARRAY(kept,")
                         .replace("counts.lookup", "kept.lookup"))
        self.refused(path, str(path), "no map 'counts'")

    def test_a_map_has_other_values(self):
        """What the tool reads of it would not be what the program means."""
        path = self.copy(lambda text: text.replace("BPF_PERCPU_ARRAY(counts, struct syscall_count",
                                                   "struct wide { struct syscall_count c; u64 d; };"
                                                   "\nBPF_PERCPU_ARRAY(counts, struct wide")
                         .replace("struct syscall_count *c = counts.lookup(&slot);",
                                  "struct syscall_count *c = (void *)counts.lookup(&slot);"))
        self.refused(path, "'counts'", "values of 24 bytes", "with 4 and 16")

    def test_of_other_options(self):
        path = self.copy()
        self.refused(path, "--ebpf", tool="bcc-openat")

    def test_who_may_write_it(self):
        path = self.copy()
        path.chmod(0o666)
        self.refused(path, "others than root can write it")
        path.chmod(0o644)
        os.chown(path, NOBODY, NOBODY)
        self.refused(path, "others than root can write it")

    def test_who_called_sudo_may_write_it(self):
        path = self.copy()
        os.chown(path, NOBODY, NOBODY)
        for caller, status in ((str(NOBODY), 0), ("1", 1), (f"{NOBODY}x", 1), ("", 1)):
            run = self.run_tool(SYSCALLS, *self.OPTIONS, "--program", path, "--", workload_path(),
                                "noop", environment={"SUDO_UID": caller})
            self.assertEqual(run.status, status, (caller, run))

    @each("/nonexistent", "/dev/null", "/")
    def test_no_program(self, path):
        self.refused(path, f"--program: '{path}'")

    def test_a_long_file(self):
        path = self.copy(lambda text: text + "\n" * (1 << 20))
        self.refused(path, "too large")

    def test_only_root(self):
        path = self.copy()
        run = self.run_tool(SYSCALLS, "--program", path, user=NOBODY)
        self.assertEqual(run.status, 1, run)

    @each("--ebpf", "--explain", "--clear-cache")
    def test_excludes(self, option):
        run = self.run_tool(SYSCALLS, option, "--program", "/dev/null")
        self.assertEqual(run.status, 2, run)
