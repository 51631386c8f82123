# SPDX-License-Identifier: MIT
"""docs/stories/: each page is followed as a reader would follow it."""

from harness import ROOT, each, essential
from test_lessons import PageCase

STORIES = ROOT / "docs" / "stories"
PAGES = sorted(path.name for path in STORIES.glob("*.md") if path.name != "README.md")


@essential
class Stories(PageCase):

    @each(*PAGES)
    def test_story(self, name):
        self.follow(STORIES / name)

    def test_index(self):
        """The index names each page."""
        index = (STORIES / "README.md").read_text(encoding="utf-8")
        self.assertEqual([name for name in PAGES if f"({name})" not in index], [])
