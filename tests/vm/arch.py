# SPDX-License-Identifier: MIT
"""
What differs between the architectures of guests: a kernel is named `6.1`, or `arm64:6.1` for
another architecture than x86-64.
"""

import dataclasses
import os
import subprocess


@dataclasses.dataclass(frozen=True)
class Arch:
    """
    name:     as Debian calls it, and in front of a kernel's name
    qemu:     the emulator, and the package that has it
    machine:  its arguments
    arguments: those of the kernel, which names the console
    triplet:  of the cross compiler, None for the host's own; packages: those that have it
    cpu:      as meson calls it; compile_for: as libbcc calls it
    """
    name: str
    qemu: tuple
    machine: tuple
    arguments: tuple
    triplet: str = None
    packages: str = ''
    cpu: str = 'x86_64'
    compile_for: str = 'x86'


AMD64 = Arch(
    'amd64', ('qemu-system-x86_64', 'qemu-system-x86'),
    ('-machine', 'pc,usb=off,vmport=off,smbus=off', '-cpu', 'max,-erms,-fsrm,-la57'),
    ('console=ttyS0',
     # Its clock cannot be checked against another, and does not need to be.
     'tsc=reliable',
     # It takes a string instruction for so many single ones: no REP_GOOD.
     'clearcpuid=112',
     '8250.nr_uarts=1',
     # Message-signalled interrupts are all the devices need; routing the others takes 0.3 s.
     'acpi=noirq'))

ARM64 = Arch(
    'arm64', ('qemu-system-aarch64', 'qemu-system-arm'),
    # Emulating the standard's algorithm for pointer authentication takes longer than all the rest.
    ('-machine', 'virt,gic-version=3', '-cpu', 'max,pauth-impdef=on,sve=off'),
    ('console=ttyAMA0',),
    'aarch64-linux-gnu', 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross', 'aarch64', 'arm64')

FOREIGN = {arch.name: arch for arch in (ARM64,)}


def split(name):
    """The architecture of a kernel or root, and its name there: `arm64:6.1`."""
    prefix, colon, rest = name.partition(':')
    return (FOREIGN[prefix], rest) if colon and prefix in FOREIGN else (AMD64, name)


def of_package(path):
    """The architecture of a .deb."""
    if not path.endswith('.deb') or not os.path.isfile(path):
        return AMD64
    said = subprocess.run(['dpkg-deb', '-f', path, 'Architecture'], stdout=subprocess.PIPE,
                          text=True, check=False).stdout.strip()
    return FOREIGN.get(said, AMD64)
