# SPDX-License-Identifier: MIT
# Reads names of system calls, and prints what systemd needs to allow these calls: sets, because a
# newer library may use another call of the same kind. Writes the names of all calls that are
# allowed then to the file "allowed".
import subprocess
import sys

BASE = "@system-service"


def read_sets():
    """systemd's sets, each with its members; some of these are sets themselves."""
    done = subprocess.run(["systemd-analyze", "syscall-filter"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    sets, members = {}, []
    for line in done.stdout.splitlines():
        word = line.strip()
        if line.startswith("@"):
            members = sets.setdefault(word, [])
        elif word and not word.startswith("#"):
            members.append(word)
    return sets


def calls(name):
    if not name.startswith("@"):
        return {name}
    return set().union(*map(calls, SETS[name]))


SETS = read_sets()
used = set(sys.stdin.read().split())
base = calls(BASE)
unused = [name for name in SETS[BASE] if name.startswith("@") and not calls(name) & used]
print("[Service]")
print("SystemCallArchitectures=native")
print(f"SystemCallFilter={' '.join([BASE, *sorted(used - base)])}")
print(f"SystemCallFilter=~{' '.join(unused)}")
print("SystemCallErrorNumber=EPERM")
allowed = base.union(used).difference(*map(calls, unused))
print(f"# {len(used)} calls seen, {len(allowed)} allowed")
with open("allowed", "w", encoding="ascii") as file:
    print(*sorted(allowed), sep="\n", file=file)
