# SPDX-License-Identifier: MIT
"""
The machine goes to sleep while a tool counts.

An emulated machine cannot do more than the kernel's own rehearsal (pm_test) of the first step: the
kernel stops every process and lets them go on some seconds later.
"""

import pathlib
import threading

from harness import Case, per_tool
from load import dropped
from stress import Round
from test_load import MODES

POWER = pathlib.Path("/sys/power")
DELAY = pathlib.Path("/sys/module/suspend/parameters/pm_test_delay")
BEGIN = 0.3  # seconds; the run ends with its load, which must last longer
LOAD = (2, 2, 400, "fvktm")
SECONDS = 2


def rehearse():
    DELAY.write_text(str(SECONDS))
    (POWER / "pm_test").write_text("freezer")
    (POWER / "state").write_text("mem")


class Asleep(Case):
    """A run that goes on after the sleep has lost nothing."""

    @per_tool
    def test_counts_on(self, tool):
        that, sleeper = Round.of(tool, *MODES[tool], LOAD), threading.Timer(BEGIN, rehearse)
        that.when_ready = sleeper.start
        run, account = that.run()
        sleeper.join()
        that.check(run, account)
        self.assertEqual(dropped(run), 0, run)
        self.assertGreater(float(run.end["seconds"]), SECONDS, run)
        if tool != "bcc-fork":
            # The report of the interval in which it slept says how long that was.
            self.assertGreater(max(float(total["seconds"]) for total in run.totals), SECONDS, run)
