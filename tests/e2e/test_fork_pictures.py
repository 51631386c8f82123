# SPDX-License-Identifier: MIT
"""bcc-fork -o svg, trace and folded: a run as a whole, with every process in it."""

import json
import re
import xml.etree.ElementTree

from forks import OptionCase, TOOL
from harness import each

# 4 processes besides the shell: one fails, one is killed, one executes twice.
SCRIPT = """
/bin/true
/bin/false
sh -c 'kill -9 $$'
(sh -c 'exec sleep 0.05') &
wait
"""
NAMES = ["false", "sh", "sh", "sleep", "true"]
SVG = "{http://www.w3.org/2000/svg}"


class PictureCase(OptionCase):
    def picture(self, form, *argv, options=()):
        run = self.run_tool(TOOL, "-o", form, *options, "--", *argv)
        return run, run.out.decode()


class Trace(PictureCase):
    def events(self, *argv, options=()):
        run, text = self.picture("trace", *argv, options=options)
        document = json.loads(text)
        self.assertEqual(set(document["otherData"]["dropped"].values()), {0}, run)
        return run, document["traceEvents"]

    def test_every_process(self):
        run, events = self.events("sh", "-c", SCRIPT)
        self.assertEqual(run.status, 0, run)
        names = [e["args"]["name"] for e in events if e["name"] == "process_name"]
        self.assertEqual(sorted(names), NAMES, text := str(events))
        programs = sorted(e["name"] for e in events if e["ph"] == "X" and e["cat"] == "exec")
        self.assertEqual(programs, sorted(NAMES + ["sh"]), text)
        ends = sorted(e["args"]["end"] for e in events if "end" in e.get("args", {}))
        self.assertEqual(ends, ["SIGKILL", "code 1"], text)

    def test_slices_nest(self):
        """Slices of a track follow each other, within those that made the process."""
        _, events = self.events("sh", "-c", SCRIPT)
        tracks = {}
        for e in events:
            if e["ph"] == "X":
                tracks.setdefault(e["tid"], []).append((e["ts"], e["ts"] + e["dur"]))
        for slices in tracks.values():
            for before, after in zip(slices, slices[1:]):
                self.assertEqual(before[1], after[0], slices)
        root = min(tracks.values())
        for slices in tracks.values():
            self.assertGreaterEqual(slices[0][0], root[0][0])
            self.assertLessEqual(slices[-1][1], root[-1][1])
        arrows = [e for e in events if e["ph"] in "sf"]
        self.assertEqual(len(arrows), 2 * (len(tracks) - 1), arrows)

    def test_failed_execs(self):
        _, events = self.events("sh", "-c", "exec /nonexistent 2>/dev/null", options=("-x",))
        failed = [(e["name"], e["args"]["errno"]) for e in events if e["ph"] == "i"]
        self.assertEqual(failed, [("nonexistent", "ENOENT")], events)


class Svg(PictureCase):
    def parse(self, text):
        return xml.etree.ElementTree.fromstring(text)

    def test_every_process(self):
        run, text = self.picture("svg", "sh", "-c", SCRIPT)
        self.assertEqual(run.status, 0, run)
        hovers = [e.text for e in self.parse(text).iter(SVG + "title")]
        alone = [h for h in hovers if re.search(r"\nprocess \d+:", h)]
        together = sum(int(h.split()[0]) for h in hovers if " processes, CPU" in h)
        self.assertEqual(len(alone) + together, len(NAMES), text)
        self.assertRegex(text, r" 5 processes, 2 failed<")

    def test_hostile_names(self):
        """Arguments are text; the picture stays well-formed XML without control characters."""
        _, text = self.picture("svg", "/bin/true", "<b>&amp;", "]]>", "'\"", "\x1b[2J\x01",
                               b"\xff\xfe", "\u2028\u202e")
        picture = self.parse(text)
        self.assertEqual({e.tag for e in picture.iter()} - {
            SVG + tag for tag in ("svg", "style", "rect", "text", "path", "g", "title")}, set())
        self.assertFalse(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e]", text), text)

    def test_many(self):
        """What is too thin to be seen is drawn together, and nothing is left out."""
        script = "i=0; while [ $i -lt 1500 ]; do (:) ; i=$((i+1)); done"
        run, text = self.picture("svg", "sh", "-c", script)
        self.assertEqual(run.status, 0, run.err)
        self.assertRegex(text, r" 1501 processes, 0 failed<")
        self.assertLess(len(text), 400000)


class Folded(PictureCase):
    def test_chains(self):
        busy = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"
        run, text = self.picture("folded", "sh", "-c", f"dash -c '{busy}'; dash -c '{busy}'; :")
        self.assertEqual(run.status, 0, run)
        lines = dict(re.fullmatch(r"(.+) (\d+)", line).groups() for line in text.splitlines())
        self.assertIn("sh;dash", lines, run)
        self.assertGreater(int(lines["sh;dash"]), 10000, run)


class Refused(PictureCase):
    @each("--summary", "--tree", "--lineage", "--rusage", "-T", "-E fork")
    def test_excluded(self, option):
        run = self.run_tool(TOOL, "-o", "svg", *option.split(), "--", "true")
        self.assertEqual((run.status, run.out), (2, b""), run)
        self.assertIn("--output svg and --", run.err, run)

    @each("bcc-syscalls", "bcc-openat")
    def test_not_of_other_tools(self, tool):
        run = self.run_tool(tool, "-o", "svg", "--", "true")
        self.assertEqual((run.status, run.out), (2, b""), run)


class WholeMachine(PictureCase):
    def test_without_a_command(self):
        run = self.run_tool(TOOL, "-o", "svg", "-d", "0.2", "-n", "nobody-is-this")
        self.assertEqual(run.status, 0, run)
        self.assertIn(">What ran<", run.out.decode(), run)
