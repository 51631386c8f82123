# SPDX-License-Identifier: MIT
"""
Decorators for tests: one test for each of several values, and marks by which the runner selects.
"""

import functools
import itertools
import re

from setting import TOOLS


def each(*values):
    """Make one test of a method for each value: test_x(self, value) becomes test_x_VALUE.

    Stacked, the decorator nearest to the method gives the first argument and the last part of the
    name. Class Case does the work, when a class of tests is defined.
    """
    def mark(function):
        function.each = getattr(function, "each", []) + [values]
        return function
    return mark


per_tool = each(*TOOLS)
both_ways = each("command", "pid")


def thorough(test):
    """Mark a test, or a class of them, that takes long: `run --quick` leaves it out."""
    test.thorough = True
    return test


def unsanitized(test):
    """
    Mark a test, or a class of them, that a sanitizer's library cannot take part in because the test
    preloads a library or sets limits: it is left out when the tools are sanitized.
    """
    test.unsanitized = True
    return test


def essential(test):
    """
    Mark a test, or a class of them, whose subject differs between kernels: `run --essential` runs
    only these.
    """
    test.essential = True
    return test


def expand_each(cls):
    """Replace the methods of a class that each() has marked by one method for each value."""
    for name, function in list(vars(cls).items()):
        if not hasattr(function, "each"):
            continue
        delattr(cls, name)
        for values in itertools.product(*reversed(function.each)):
            labels = [re.sub(r"\W+", "_", str(value).replace("bcc-", "").lstrip("-"))
                      for value in values]
            setattr(cls, _free_name(cls, "_".join([name, *labels])),
                    _bound(function, values[::-1]))


def _free_name(cls, name):
    """Values that differ only in punctuation would have one name, and one test would be lost."""
    names = itertools.chain([name], (f"{name}_{n}" for n in itertools.count(2)))
    return next(free for free in names if free not in vars(cls))


def _bound(function, values):
    @functools.wraps(function)
    def test(self):
        return function(self, *values)
    del test.each
    return test
