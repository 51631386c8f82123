# SPDX-License-Identifier: MIT
"""
The cache of kernels: kernel() returns a directory with image and modules, and a description.

An entry is made once, in a directory of its own that is renamed when it is complete. It comes from
Debian, from a package file or from an image.
"""

import fcntl
import glob
import hashlib
import json
import os
import re
import shutil
import tempfile

from arch import AMD64, of_package, split
from commands import Error, output
from debian import SUITES, download
from kernel_image import image_release, keep_modules, unpack_image

# The layout of a cache entry; an entry of another format is made anew.
FORMAT = 1

# Modules every guest loads, those the kernel has built in left out.
BASE_MODULES = ['virtio_pci', 'virtio_console', '9pnet_virtio', '9p', 'overlay']
# Modules kept in the cache for `run --modules`.
EXTRA_MODULES = ['brd', 'btrfs', 'dummy', 'ext4', 'fuse', 'loop', 'null_blk', 'squashfs', 'tun',
                 'veth', 'virtio_blk', 'virtio_net', 'xfs']


def cache_dir():
    path = os.environ.get('BCC_TOOLS_VM_CACHE')
    if not path:
        base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
        path = os.path.join(base, 'bcc-tools-vm')
    return os.path.abspath(path)


def make_entry(directory, image_path, modules_tree, origin):
    with open(image_path, 'rb') as file:
        image = file.read()
    elf = unpack_image(image)
    release = image_release(image)
    with open(os.path.join(directory, 'kernel'), 'wb') as file:
        file.write(elf or image)
    modules = {}
    if modules_tree:
        modules = keep_modules(modules_tree, BASE_MODULES + EXTRA_MODULES,
                               os.path.join(directory, 'modules'))
    meta = {'format': FORMAT, 'release': release, 'origin': origin, 'pvh': bool(elf),
            'base': BASE_MODULES, 'modules': modules}
    with open(os.path.join(directory, 'meta.json'), 'w', encoding='utf-8') as file:
        json.dump(meta, file, indent=1)
        file.write('\n')


def from_debs(debs, work, directory):
    """
    One package, or several: newer ones have the image and the modules in packages of their own.
    """
    tree = os.path.join(work, 'tree')
    for deb in debs:
        output(['dpkg-deb', '-x', deb, tree])
    images = glob.glob(os.path.join(tree, 'boot/vmlinuz-*'))
    images += glob.glob(os.path.join(tree, 'usr/lib/modules/*/vmlinuz'))
    if len(images) != 1:
        raise Error(f'{debs[0]}: {len(images)} kernel images in the package')
    with open(images[0], 'rb') as file:
        release = image_release(file.read())
    trees = [os.path.join(tree, top, release) for top in ('lib/modules', 'usr/lib/modules')]
    trees = [path for path in trees if os.path.isdir(os.path.join(path, 'kernel'))]
    if not trees:
        raise Error(f'{debs[0]}: no modules in the package')
    make_entry(directory, images[0], trees[0], os.path.basename(debs[0]))


def deb_and_parts(path):
    """A package file and those beside it that hold the rest of the same kernel."""
    rest = re.match(r'linux-(?:image|binary)-(.+)', os.path.basename(path))
    parts = [os.path.join(os.path.dirname(path), f'linux-{part}-{rest[1]}')
             for part in ('binary', 'modules')] if rest else []
    return [path] + [part for part in parts if part != path and os.path.isfile(part)]


def from_image(path, directory):
    with open(path, 'rb') as file:
        release = image_release(file.read())
    beside = os.path.join(os.path.dirname(os.path.dirname(path)), 'lib/modules', release)
    trees = [tree for tree in (beside, '/lib/modules/' + release) if os.path.isdir(tree)]
    make_entry(directory, path, trees[0] if trees else None, path)


def load(directory):
    """The description of a cache entry, or None if there is no usable one."""
    try:
        with open(os.path.join(directory, 'meta.json'), encoding='utf-8') as file:
            meta = json.load(file)
    except (OSError, ValueError):
        return None
    return meta if meta.get('format') == FORMAT else None


def kernel(name, refresh=False):
    """(directory, description) of a kernel, made first if it is not in the cache."""
    cache = cache_dir()
    path = None
    arch, name = split(name)
    if name in SUITES:
        key = name if arch is AMD64 else f'{arch.name}-{name}'
    else:
        path = os.path.abspath(name)
        if not os.path.isfile(path):
            raise Error(f'{name}: neither a file nor one of {", ".join(SUITES)}')
        arch = of_package(path)
        status = os.stat(path)
        mark = f'{path}\0{status.st_size}\0{status.st_mtime_ns}'.encode(errors='surrogateescape')
        key = 'file-' + hashlib.sha256(mark).hexdigest()[:16]
    directory = os.path.join(cache, key)
    meta = None if refresh else load(directory)
    if meta:
        return directory, meta

    os.makedirs(cache, exist_ok=True)
    with open(os.path.join(cache, key + '.lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        meta = None if refresh else load(directory)
        if meta:
            return directory, meta  # another process was quicker
        # What a killed process has left; only the holder of the lock makes any.
        for stale in glob.glob(os.path.join(glob.escape(cache), f'tmp-{key}-*')):
            shutil.rmtree(stale, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=f'tmp-{key}-', dir=cache) as work:
            fresh = os.path.join(work, 'entry')
            os.mkdir(fresh)
            if path is None:
                from_debs(download(name, work, arch), work, fresh)
            elif is_deb(path):
                from_debs(deb_and_parts(path), work, fresh)
            else:
                from_image(path, fresh)
            if os.path.lexists(directory):
                os.rename(directory, os.path.join(work, 'old'))
            os.rename(fresh, directory)
    return directory, load(directory)


def is_deb(path):
    with open(path, 'rb') as file:
        return file.read(8) == b'!<arch>\n'
