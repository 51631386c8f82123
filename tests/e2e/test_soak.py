# SPDX-License-Identifier: MIT
"""The short form of `tests/e2e/soak`."""

from harness import Case, fresh_path, thorough
from soak import Soak


@thorough
class Short(Case):
    """All tools at once over an even load."""

    def test_is_exact_and_does_not_grow(self):
        where = fresh_path("soak")
        where.mkdir()
        lines, is_well = Soak(20, where).run()
        self.assertTrue(is_well, "\n".join(lines))
