# SPDX-License-Identifier: MIT
"""
Root file systems of another architecture, in the cache: for guests, and for the cross compiler.

The packages are downloaded with their dependencies and unpacked, which needs neither an emulator
nor privilege. Their scripts do not run; `settle()` does the little that guests need of these.
"""

import fcntl
import glob
import os
import re
import shutil
import subprocess

from commands import output, say
from debian import private_apt, sources, write
from kernels import cache_dir

SUITE = 'bookworm'  # of the host too, whose libbcc compiles

PACKAGES = '''
base-files base-passwd bash busybox-static ca-certificates coreutils dash diffutils findutils gawk
grep gzip hostname iproute2 kmod libc-bin libcap2-bin login mount ncurses-base ncurses-bin procps
python3 sed strace sudo tar util-linux
libc6-dev libbpfcc-dev libbpf-dev libelf-dev libsmartcols-dev libjansson-dev libseccomp-dev
libcmocka-dev linux-libc-dev
'''.split()

# Where packages still say /bin and mean /usr/bin.
MERGED = ['bin', 'sbin', 'lib']

# What their scripts would have made.
LINKS = {'usr/bin/sh': 'dash', 'usr/bin/awk': 'gawk', 'etc/mtab': '../proc/self/mounts'}


def download(arch, suite, work):
    config = private_apt(work, sources(suite, True, arch), arch)
    output(['apt-get', '-c', config, '-q', '-o', 'APT::Update::Error-Mode=any', 'update'])
    output(['apt-get', '-c', config, '-q', '-y', '--no-install-recommends', '--download-only',
            'install', *PACKAGES])
    return sorted(glob.glob(os.path.join(glob.escape(work), 'apt/cache/archives/*.deb')))


def unpack(debs, root):
    for name in MERGED:
        os.makedirs(os.path.join(root, 'usr', name), exist_ok=True)
        os.symlink('usr/' + name, os.path.join(root, name))
    for deb in debs:
        with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', deb],
                              stdout=subprocess.PIPE) as content:
            subprocess.run(['tar', '-x', '--keep-directory-symlink', '-C', root],
                           stdin=content.stdout, check=True)


# Directories that are empty at first.
EMPTY = 'home media mnt opt root run srv tmp var/tmp'.split()


def settle(root):
    """What the packages' scripts would have done, as far as a guest needs it."""
    for name in EMPTY:
        os.makedirs(os.path.join(root, name), exist_ok=True)
        if name.endswith('tmp'):
            os.chmod(os.path.join(root, name), 0o1777)
    for name, to in LINKS.items():
        path = os.path.join(root, name)
        if not os.path.lexists(path):
            os.symlink(to, path)
    for name in ('passwd', 'group'):
        shutil.copy(os.path.join(root, f'usr/share/base-passwd/{name}.master'),
                    os.path.join(root, 'etc', name))
    write(os.path.join(root, 'etc/hosts'), '127.0.0.1 localhost\n')
    write(os.path.join(root, 'etc/nsswitch.conf'),
          'passwd: files\ngroup: files\nhosts: files dns\n')


def foreign_root(arch, suite=SUITE):
    """The path of a root file system, made first if it is not in the cache."""
    cache = cache_dir()
    root = os.path.join(cache, f'root-{arch.name}-{suite}')
    os.makedirs(cache, exist_ok=True)
    with open(root + '.lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(root, 'complete')):
            say(f'unpacking packages of {suite} for {arch.name}')
            fresh = root + '.new'
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.rmtree(root, ignore_errors=True)
            os.makedirs(os.path.join(fresh, 'work'))
            unpack(download(arch, suite, os.path.join(fresh, 'work')), fresh)
            settle(fresh)
            shutil.rmtree(os.path.join(fresh, 'work'))
            write(os.path.join(fresh, 'complete'), '')
            os.rename(fresh, root)
    return root


# The project in it


CROSS_FILE = '''
[binaries]
c = ['{triplet}-gcc', '--sysroot={root}']
ar = '{triplet}-ar'
strip = '{triplet}-strip'
objcopy = '{triplet}-objcopy'
pkgconfig = 'pkg-config'
[properties]
sys_root = '{root}'
pkg_config_libdir = ['{root}/usr/lib/{triplet}/pkgconfig', '{root}/usr/share/pkgconfig']
[host_machine]
system = 'linux'
cpu_family = '{cpu}'
cpu = '{cpu}'
endian = 'little'
'''
PROJECT = 'src/bcc-tools-c'  # in a root


def copy_project(top, root):
    """The project's files, as git knows them, at PROJECT; files that are equal keep their times."""
    project = os.path.join(root, PROJECT)
    os.makedirs(project, exist_ok=True)
    files = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                           cwd=top, stdout=subprocess.PIPE, check=True).stdout.split(b'\0')
    wanted = {os.fsdecode(name) for name in files if name}
    for directory, directories, names in os.walk(project):
        if directory == project and 'build' in directories:
            directories.remove('build')
        for name in names:
            path = os.path.join(directory, name)
            if os.path.relpath(path, project) not in wanted:
                os.unlink(path)
    for name in wanted:
        source, path = os.path.join(top, name), os.path.join(project, name)
        if os.path.lexists(source) and not is_same(source, path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            shutil.copy(source, path, follow_symlinks=False)
    return project


def is_same(source, path):
    if not os.path.isfile(path) or os.path.islink(source):
        return False
    with open(source, 'rb') as one, open(path, 'rb') as other:
        return (one.read(), os.stat(source).st_mode) == (other.read(), os.stat(path).st_mode)


def cross_build(arch, root, top):
    """
    Copies the project into a root and builds it there, with its tests, by the cross compiler.
    Returns its path, as the host sees it.
    """
    with open(root + '.lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        project = copy_project(top, root)
        cross, build = root + '.meson', os.path.join(project, 'build')
        write(cross, CROSS_FILE.format(root=root, triplet=arch.triplet, cpu=arch.cpu))
        if not os.path.exists(os.path.join(build, 'build.ninja')):
            shutil.rmtree(build, ignore_errors=True)
            output(['meson', 'setup', '--cross-file', cross, '-Dtests=true', '-Dwerror=true',
                    build, project])
        output(['ninja', '-C', build])
    return project


def libbcc_version(root):
    """As pkg-config says it."""
    found = glob.glob(os.path.join(glob.escape(root), 'usr/lib/*/pkgconfig/libbcc.pc'))
    with open(found[0], encoding='utf-8') as file:
        return re.search(r'^Version: *(\S+)', file.read(), re.M)[1]
