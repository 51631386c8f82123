# SPDX-License-Identifier: MIT
"""The pages a reader meets first, run as a reader would run them. See test_lessons.py."""

import pages
from harness import ROOT, each, essential
from test_lessons import PageCase

PAGES = ("README.md", "docs/faq.md", "docs/troubleshooting.md")


def sections():
    """A page and a section of it, for each section that has commands."""
    for name in PAGES:
        text = (ROOT / name).read_text(encoding="utf-8")
        steps = [step.line for step in pages.steps_of(text)]
        yield from ((name, section) for section in pages.sections_of(text)
                    if any(line in pages.lines_of(text, section) for line in steps))


@essential
class Readme(PageCase):

    @each(*PAGES)
    def test_all_commands_are_in_sections(self, name):
        text = (ROOT / name).read_text(encoding="utf-8")
        first = min(pages.headings_of(text).values())
        self.assertEqual([step.command for step in pages.steps_of(text) if step.line < first], [])

    @each(*sections())
    def test_section(self, case):
        name, section = case
        self.follow(ROOT / name, section)
