# SPDX-License-Identifier: MIT
# Looks for so many files in a directory that does not exist, whose name has so many letters.
import os
import sys

count, length = map(int, sys.argv[1:])
for number in range(count):
    try:
        os.open(f"{'/nonexistent'.ljust(length, '-')}/{number}", os.O_RDONLY)
    except FileNotFoundError:
        pass
