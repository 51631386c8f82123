# SPDX-License-Identifier: MIT
"""A kernel's image and its modules: unpack them for the guest, and read facts from them."""

import lzma
import os
import re
import struct
import subprocess
import zlib

from commands import Error, say


def decompress(payload):
    """The content of a gzip, xz or zstd stream; None if it is none of these."""
    if payload[:6] == b'\xfd7zXZ\0':
        return lzma.LZMADecompressor().decompress(payload)
    if payload[:2] == b'\x1f\x8b':
        return zlib.decompressobj(31).decompress(payload)
    if payload[:4] == b'\x28\xb5\x2f\xfd':
        return subprocess.run(['zstd', '-dcq'], input=payload, stdout=subprocess.PIPE,
                              check=True).stdout
    return None


def unpack_arm64(image):
    """
    The Image within a vmlinuz of arm64, or None if this is no such file. Recent ones begin with an
    EFI program that unpacks the rest ("zboot").
    """
    if image[:2] == b'MZ' and image[4:8] == b'zimg':
        start, size = struct.unpack_from('<II', image, 8)
        image = decompress(image[start:start + size]) or b''
    elif image[:2] == b'\x1f\x8b':
        image = decompress(image)
    return image if image[0x38:0x3c] == b'ARM\x64' else None


def unpack_image(image):
    """The ELF image within a bzImage, or None if this program cannot unpack it; the Image of arm64.

    Started through its PVH entry point, it spares the guest the unpacking,
    which takes seconds under emulation.
    """
    if image[:4] == b'\x7fELF':
        return image
    plain = unpack_arm64(image)
    if plain:
        return plain
    if image[0x202:0x206] != b'HdrS':
        raise Error('not a Linux kernel image')
    start, size = struct.unpack_from('<II', image, 0x248)
    start += ((image[0x1f1] or 4) + 1) * 512
    payload = image[start:start + size]
    try:
        # Behind a zstd stream come four bytes, the size of the unpacked image.
        elf = decompress(payload[:-4] if payload[:4] == b'\x28\xb5\x2f\xfd' else payload)
    except (lzma.LZMAError, zlib.error, OSError, subprocess.CalledProcessError) as reason:
        say(f'cannot unpack the kernel image ({reason}); it will start more slowly')
        return None
    return elf if elf and elf[:4] == b'\x7fELF' and has_pvh_note(elf) else None


def has_pvh_note(elf):
    """Whether an ELF image has the note XEN_ELFNOTE_PHYS32_ENTRY."""
    if elf[4] != 2:
        return False
    table, = struct.unpack_from('<Q', elf, 32)
    size, count = struct.unpack_from('<HH', elf, 54)
    for index in range(count):
        kind, _, offset, _, _, length = struct.unpack_from('<IIQQQQ', elf, table + index * size)
        if kind != 4:
            continue
        end = offset + length
        while offset + 12 <= end:
            namelen, desclen, note = struct.unpack_from('<III', elf, offset)
            if note == 0x12 and elf[offset + 12:offset + 16] == b'Xen\0':
                return True
            offset += 12 + (namelen + 3 & ~3) + (desclen + 3 & ~3)
    return False


def image_release(image):
    plain = unpack_arm64(image)
    if plain or image[:4] == b'\x7fELF':
        image = plain or image
        found = re.search(rb'Linux version (\S+) ', image)
    else:
        at, = struct.unpack_from('<H', image, 0x20e)
        found = re.match(rb'(\S+)', image[at + 0x200:at + 0x300])
    if not found:
        raise Error('the kernel image does not tell its release')
    return found[1].decode()


def read_module(path):
    with open(path, 'rb') as file:
        data = file.read()
    if path.endswith('.xz'):
        data = lzma.decompress(data)
    elif path.endswith('.gz'):
        data = zlib.decompress(data, 31)
    elif path.endswith('.zst'):
        data = subprocess.run(['zstd', '-dcq'], input=data, stdout=subprocess.PIPE,
                              check=True).stdout
    return data


def module_needs(data):
    """The modules a module must find loaded, by its .modinfo section."""
    needs = []
    for key, value in re.findall(rb'\0(depends|softdep)=([^\0]*)\0', data):
        value = value.decode()
        if key == b'depends':
            needs += [name for name in value.split(',') if name]
        else:
            words = re.sub(r'\bpost:.*', '', value).replace('pre:', ' ').split()
            needs += words
    return [name.replace('-', '_') for name in needs]


def keep_modules(tree, wanted, where):
    """Unpacks modules and what they need into where; returns {name: needs}."""
    found = {}
    for directory, _, names in os.walk(tree):
        for name in names:
            match = re.match(r'(.+)\.ko(\.(xz|gz|zst))?$', name)
            if match:
                found[match[1].replace('-', '_')] = os.path.join(directory, name)
    kept = {}
    os.makedirs(where)
    todo = list(wanted)
    while todo:
        name = todo.pop()
        if name in kept or name not in found:
            continue  # one that is not there is built in, or not offered
        data = read_module(found[name])
        kept[name] = [need for need in module_needs(data) if need in found]
        todo += kept[name]
        with open(os.path.join(where, name + '.ko'), 'wb') as file:
            file.write(data)
    return kept
