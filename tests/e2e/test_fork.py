# SPDX-License-Identifier: MIT
"""
bcc-fork shows every fork, thread, exec and exit exactly once, in order, with the right details.
"""

import signal

from harness import NOBODY, Case, both_ways, essential, many, workload_path
from records import bytes_of, escaped

TOOL = "bcc-fork"
CODES = (0, 1, 2, 3, 5, 7, 11, 13, 17, 31, 61, 101, 127, 131, 199, 251, 255)
SIGNALS = ("SIGKILL", "SIGTERM", "SIGSEGV", "SIGABRT", "SIGINT", "SIGHUP", "SIGPIPE", "SIGUSR1",
           "SIGBUS")


def pids(events):
    return [event["pid"] for event in events]


class ForkCase(Case):
    """Runs workloads under bcc-fork and compares events with what happened."""

    def assert_ordered(self, run):
        """
        Times never decrease, and no event of a task comes before its birth or after its exit.
        """
        times = [event["ts"] for event in run.events]
        self.assertEqual(times, sorted(times), run)
        born, dead, seen = set(), set(), set()
        for event in run.events:
            tid, kind = event["tid"], event["type"]
            self.assertNotIn(tid, dead, f"{event} comes after the exit{run}")
            if kind in ("fork", "thread"):
                self.assertNotIn(tid, seen, f"{event} comes after other events of the task{run}")
                born.add(tid)
            if kind == "exit":
                dead.add(tid)
            seen.add(tid)
        return born, dead

    def assert_one_last(self, run, pid):
        last = [e["last"] for e in run.select("exit", pid=pid)]
        self.assertEqual(last.count(True), 1, f"exits of {pid}: last is {last}{run}")


@essential
class Numbers(ForkCase):
    """How many events of each type there are, in the stream and in the end record."""

    def assert_numbers(self, run, way, forks=0, threads=0, execs=0, exits=0):
        own = 1 if way == "command" else 0  # the command's own execve
        got = tuple(run.end[key] for key in ("forks", "threads", "execs", "exits"))
        self.assertEqual(got, (forks, threads, execs + own, exits + 1), run)
        self.assertIn(run.end["exec_failures"], (0, None), run)

    @both_ways
    def test_forks(self, way):
        run, results = self.observe(way, TOOL, "fork 101", tree=True)
        children = results.one("fork")["children"]
        self.assert_numbers(run, way, forks=101, exits=101)
        self.assertEqual(pids(run.select("fork", ppid=results.pid)), children, run)
        self.assertEqual(pids(run.select("exit", ppid=results.pid)), children, run)
        self.assert_ordered(run)

    @both_ways
    def test_vforks(self, way):
        run, results = self.observe(way, TOOL, "vfork 13", tree=True)
        self.assert_numbers(run, way, forks=13, exits=13)
        self.assertEqual(pids(run.select("fork", ppid=results.pid)),
                         results.one("vfork")["children"], run)
        for event in run.select("fork"):
            self.assertLessEqual({"CLONE_VFORK", "CLONE_VM"}, set(event["flags"]), event)

    @both_ways
    def test_threads(self, way):
        run, results = self.observe(way, TOOL, "threads 53", tree=True)
        self.assert_numbers(run, way, threads=53, exits=53)
        self.assertEqual([e["tid"] for e in run.select("thread", pid=results.pid)],
                         results.one("threads")["tids"], run)
        self.assertEqual([e["tid"] for e in run.select("exit", pid=results.pid)],
                         [*results.one("threads")["tids"], results.pid], run)
        self.assertEqual([e["last"] for e in run.select("exit")], [False] * 53 + [True], run)
        for event in run.select("thread"):
            self.assertIn("CLONE_THREAD", event["flags"], event)
        self.assert_ordered(run)

    @both_ways
    def test_execs(self, way):
        run, results = self.observe(way, TOOL, "exec 17", tree=True)
        self.assert_numbers(run, way, forks=17, execs=17, exits=17)
        self.assertEqual([(e["pid"], e["argv"][-1]) for e in run.select("exec") if e["pid"]
                          != results.pid],
                         [(p, f"marker-{i}") for i,
                          p in enumerate(results.one("exec")["children"])], run)
        self.assert_ordered(run)

    @both_ways
    def test_a_tree(self, way):
        run, results = self.observe(way, TOOL, "spawn 5 fork 3 + threads 2 + exec 2", tree=True)
        self.assert_numbers(run, way, forks=5 + 5 * 5, threads=5 * 2, execs=5 * 2, exits=5 + 5 * 7)
        for child in results.one("spawn")["children"]:
            (fork,), (exec_,) = results.of("fork", child), results.of("exec", child)
            self.assertEqual(pids(run.select("fork", ppid=child)),
                             fork["children"] + exec_["children"], run)
            self.assert_one_last(run, child)
        born, dead = self.assert_ordered(run)
        self.assertEqual(dead, born | {results.pid}, run)

    @both_ways
    def test_threads_that_end_together(self, way):
        """A process ends once, however the exits of its threads race."""
        run, results = self.observe(way, TOOL, "spawn 31 openat 7 0 7", tree=True)
        self.assert_numbers(run, way, forks=31, threads=31 * 7, exits=31 * 8)
        for child in results.one("spawn")["children"]:
            self.assert_one_last(run, child)
        self.assert_ordered(run)

    @both_ways
    def test_a_fork_storm(self, way):
        forks = many(1009)
        run, results = self.observe(way, TOOL, f"spawn 3 fork {forks}", tree=True)
        self.assert_numbers(run, way, forks=3 + 3 * forks, exits=3 + 3 * forks)
        self.assert_ordered(run)


@essential
class Exits(ForkCase):
    """Exit events: code or signal, core dump, lifetime, and which exit is the process's last."""

    @both_ways
    def test_codes(self, way):
        run, results = self.observe(way, TOOL, "exit " + " ".join(map(str, CODES)), tree=True)
        expected = [(child["pid"], child["code"]) for child in results.one("exit")["children"]]
        self.assertEqual([code for _, code in expected], list(CODES))
        self.assertEqual([(e["pid"], e["code"]) for e in run.select("exit", ppid=results.pid)],
                         expected, run)
        for event in run.select("exit"):
            self.assertEqual((event["signal"], event["core"], event["last"]), (None, False, True),
                             event)

    @both_ways
    def test_signals(self, way):
        run, results = self.observe(way, TOOL, "signal " + " ".join(SIGNALS), tree=True)
        expected = [(child["pid"], signal.Signals(child["signal"]).name, child["core"])
                    for child in results.one("signal")["children"]]
        self.assertEqual([name for _, name, _ in expected], list(SIGNALS))
        self.assertEqual([(e["pid"], e["signal"], e["core"])
                          for e in run.select("exit", ppid=results.pid)],
                         expected, run)

    @both_ways
    def test_lifetime(self, way):
        """
        The lifetime is the time from fork to exit, to within a second, and more than nothing.
        """
        run, _ = self.observe(way, TOOL, "fork 7 + exec 5 + threads 3", tree=True)
        born = {e["tid"]: e["ts"] for e in run.select("fork") + run.select("thread")}
        for event in run.select("exit"):
            self.assertGreater(event["lifetime_ns"], 0, event)
            if event["tid"] in born:
                lived = float(event["ts"] - born[event["tid"]])
                self.assertAlmostEqual(event["lifetime_ns"] / 1e9, lived, delta=1, msg=event)

    @both_ways
    def test_the_process_itself_comes_last(self, way):
        run, results = self.observe(way, TOOL, "fork 3 + threads 2 + exec 2", tree=True)
        event = run.events[-1]
        self.assertEqual((event["type"], event["pid"], event["last"], event["code"]),
                         ("exit", results.pid, True, 0), run)


@essential
class Execs(ForkCase):
    """Exec events: the path and arguments, whatever bytes they have, and the new name."""

    def test_the_command_is_the_first_event(self):
        run, results = self.command(TOOL, "fork 2")
        first = run.check().events[0]
        self.assertEqual((first["type"], first["pid"], first["ret"]), ("exec", results.pid, 0), run)
        self.assertEqual((first["filename"], first["argv"][0], first["argv"][-2:]),
                         (workload_path(), workload_path(), ["fork", "2"]), run)
        self.assertEqual(first["comm"], "workload", run)

    def exec_argv(self, way, arguments):
        spelled = ["".join("\\x%02x" % byte for byte in argument) for argument in arguments]
        run, results = self.observe(way, TOOL, ["exec-argv", *spelled])
        event = run.select("exec", pid=results.pid)[-1]
        self.assertEqual(event["argv"], [workload_path(), "noop", *map(escaped, arguments)], run)
        in_hex = [None, None, *map(bytes_of, arguments)]
        self.assertEqual(event.get("argv_bytes"), in_hex if any(in_hex) else None, run)
        self.assertIs(event["truncated"], False, run)
        self.assertEqual((event["filename"], event["ret"]), (workload_path(), 0), run)
        return event

    @both_ways
    def test_plain_arguments(self, way):
        self.exec_argv(way, [b"one", b"two words", b"", b"--option=value", b"$HOME", b"*", b"last"])

    @both_ways
    def test_hostile_arguments(self, way):
        self.exec_argv(way,
                       [b"new\nline", b"esc\x1b[2J\x1b]0;title\x07", b"\xff\xfe", b"cut\xe4\xb8",
                        b"tab\tcr\rdel\x7f", b'quote"back\\slash', b"{\"type\":\"end\"}",
                        "\u4e16\u754c \u202e".encode(), b"\xc0\xaf\xed\xa0\x80"])

    @both_ways
    def test_names(self, way):
        event = self.exec_argv(way, [b"x"])
        self.assertEqual((event["comm"], event["old_comm"]), ("workload", "workload"), event)
        run, results = self.observe(way, TOOL, "comm before + exec-argv x")
        event = run.select("exec", pid=results.pid)[-1]
        self.assertEqual((event["comm"], event["old_comm"]), ("workload", "before"), run)


class Fields(ForkCase):
    """
    Other fields of events: parent, names, user; the filter by thread; the time at which events
    come.
    """

    @both_ways
    def test_parent_and_names(self, way):
        run, results = self.observe(way, TOOL, "comm elder + fork 3", tree=True)
        for event in run.select("fork", ppid=results.pid):
            self.assertEqual((event["parent_comm"], event["comm"]), ("elder", "elder"), event)
            self.assertEqual(event["tid"], event["pid"], event)
            self.assertIsInstance(event["flags"], list, event)
            self.assertNotIn("CLONE_THREAD", event["flags"], event)

    @both_ways
    def test_hostile_comm(self, way):
        name = b"a\xff\n\x1b[31m\"b"
        spelled = "".join("\\x%02x" % byte for byte in name)
        run, results = self.observe(way, TOOL, f"comm {spelled} + fork 3", tree=True)
        self.assertEqual({e["parent_comm"] for e in run.select("fork")}, {escaped(name)}, run)

    def test_uid(self):
        work = self.workload("fork 3", user=NOBODY)
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--descendants")
        self.assertEqual({e["uid"] for e in run.check().events}, {NOBODY}, run)
        self.assertEqual(len(run.events), 7, run)

    def test_effective_user(self):
        """Each event has the user whose rights the task had; a table says so where they differ."""
        work = self.workload(f"fork 3 + euid {NOBODY} + fork 5 + exec 2")
        run, _ = self.attach(TOOL, work, "--pid", work.pid, "--descendants")
        self.assertEqual({e["uid"] for e in run.check().events}, {0}, run)
        self.assertEqual([e["euid"] for e in run.select("fork", ppid=work.pid)],
                         3 * [0] + 7 * [NOBODY], run)
        self.assertEqual([e["euid"] for e in run.select("exec")], 2 * [NOBODY], run)

    def test_tid_filter(self):
        """The event of a thread names the thread: the children that it forks, and its exit."""
        work = self.workload("fork 3", "--threads", "3")
        run, results = self.attach(TOOL, work, "--tid", work.tids[1])
        (mine,) = [line for line in results.lines if line["tid"] == work.tids[1]]
        self.assertEqual(sorted(pids(run.check().select("fork"))), sorted(mine["children"]), run)
        self.assertEqual([e["tid"] for e in run.select("exit")], [work.tids[1]], run)

    def test_no_filter_sees_everyone(self):
        one, two = self.workload("fork 13"), self.workload("threads 7 + exec 5")
        tool = self.start(TOOL)
        (forked,), (executed,) = one.go().of("fork"), two.go().of("exec")
        run = tool.stop().check()
        self.assertEqual(pids(run.select("fork", ppid=one.pid)), forked["children"], run)
        self.assertEqual(pids(run.select("fork", ppid=two.pid)), executed["children"], run)
        self.assertEqual(pids(run.select("exec", ppid=two.pid)), executed["children"], run)
        self.assertEqual(len(run.select("thread", pid=two.pid)), 7, run)

    def test_events_are_written_as_they_happen(self):
        """Events reach a pipe at once, long before the end of the run."""
        work = self.workload("fork 3")
        tool = self.start(TOOL, "--pid", work.pid, "--descendants")
        work.go()

        def has_ended():
            return any(e["pid"] == work.pid for e in tool.records("exit"))
        tool.wait_for("the workload's exit event", has_ended)
        self.assertEqual(tool.stop().status, 0)
