# SPDX-License-Identifier: MIT
"""The pages a reader meets first, run as a reader would run them. See test_lessons.py."""

from harness import ROOT, each, essential
from test_lessons import PageCase

PAGES = ("README.md", "docs/faq.md", "docs/troubleshooting.md")


@essential
class Readme(PageCase):

    @each(*PAGES)
    def test_page(self, name):
        self.follow(ROOT / name)
