# SPDX-License-Identifier: MIT
"""
Downloads Debian's kernel packages with an apt of its own, which shares only the archive's address
and the keyring with the host's.
"""

import glob
import os
import re
import shutil
import subprocess

from commands import Error, output, say

# name: (suite, has a security archive, what a kernel release starts with)
SUITES = {
    '5.10': ('bullseye', True, r'5\.10[.-]'),
    '6.1': ('bookworm', True, r'6\.1[.-]'),
    '6.12': ('trixie', True, r'6\.12[.-]'),
    'sid': ('sid', False, r'[0-9]'),
}

KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


def host_archives():
    """The addresses of the Debian archives of the host's apt, by kind: main and security.

    Asked of apt itself, so that every form of sources list will do.
    """
    override = os.environ.get('BCC_TOOLS_VM_MIRROR')
    if override:
        return {'main': override}
    archives = {}
    layout = '$(ORIGIN)|$(LABEL)|$(REPO_URI)'
    for line in output(['apt-get', 'indextargets', '--format', layout,
                        'Identifier: Packages']).splitlines():
        origin, label, uri = line.split('|')
        if origin == 'Debian' and label in ('Debian', 'Debian-Security'):
            archives.setdefault('main' if label == 'Debian' else 'security', uri)
    if 'main' not in archives:
        raise Error("no Debian archive among the host's apt sources (is `apt-get update` due?)")
    return archives


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def private_apt(work, lines, arch):
    """An apt configuration that shares nothing with the host's but proxies and the like."""
    top = os.path.join(work, 'apt')
    shutil.rmtree(top, ignore_errors=True)
    for name in ('etc/preferences.d', 'state/lists/partial', 'cache/archives/partial', 'log'):
        os.makedirs(os.path.join(top, name))
    write(os.path.join(top, 'status'), '')
    write(os.path.join(top, 'etc/sources.list'), ''.join(line + '\n' for line in lines))
    config = os.path.join(top, 'apt.conf')
    write(config, f'''
#clear APT::Architectures;
#clear APT::Default-Release;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "{arch.name}";
APT::Architectures:: "{arch.name}";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "{top}/state/";
Dir::State::lists "lists/";
Dir::State::status "{top}/status";
Dir::Cache "{top}/cache/";
Dir::Cache::archives "archives/";
Dir::Etc::sourcelist "{top}/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "{top}/etc/preferences.d";
Dir::Log "{top}/log";
''')
    return config


def sources(suite, security, arch):
    """Lines of a sources list: the suite, and its security archive if there is one."""
    archives = host_archives()

    def line(kind, suite):
        # Without the usual keyring, apt's own trusted keys must do.
        signed = f' signed-by={KEYRING}' if os.path.exists(KEYRING) else ''
        return f'deb [arch={arch.name} target=Packages{signed}] {archives[kind]} {suite} main'

    lines = [line('main', suite)]
    if security and 'security' in archives:
        lines.append(line('security', suite + '-security'))
    return lines


def download(name, work, arch):
    """Downloads the packages of a kernel; returns their paths, that of the image first."""
    suite, security, releases = SUITES[name]
    lines = sources(suite, security, arch)
    # An old suite may have left one of its two archives.
    attempts = [lines] + ([[one] for one in lines] if len(lines) > 1 else [])
    problem = None
    for attempt in attempts:
        config = private_apt(work, attempt, arch)
        try:
            output(['apt-get', '-c', config, '-q', '-o', 'APT::Update::Error-Mode=any', 'update'])
        except Error as error:
            problem = problem or error
            continue
        pattern = re.compile(rf'linux-image-{releases}[a-z0-9.+~-]*-{arch.name}(-unsigned)?$')
        best = None
        for package in output(['apt-cache', '-c', config, 'pkgnames', 'linux-image-']).split():
            if not pattern.match(package) or re.search(r'-(cloud|rt|16k)-', package):
                continue
            shown = output(['apt-cache', '-c', config, 'show', '--no-all-versions', package])
            found = re.search(r'^Version: (.+)$', shown, re.M)
            if not found:
                continue
            version = found[1]
            # Signed before unsigned where both are of one version: only one need exist.
            if best is None or newer((version, package), best):
                best = (version, package)
        if best:
            say(f'downloading {best[1]} {best[0]} of {suite}')
            try:
                output(['apt-get', '-c', config, '-q', 'download'] + with_parts(best[1], config),
                       cwd=work)
            except Error as error:  # in the index, but no longer in the archive
                problem = problem or error
                continue
            debs = glob.glob(os.path.join(glob.escape(work), '*.deb'))
            return sorted(debs, key=lambda deb: not os.path.basename(deb).startswith(best[1]))
    if problem:
        raise problem
    raise Error(f'no kernel {name} in the suite {suite}')


def with_parts(package, config):
    """A package of a kernel image and the packages of the same release it depends on."""
    release = re.match(r'linux-image-(.+?)(-unsigned)?$', package)[1]
    shown = output(['apt-cache', '-c', config, 'show', '--no-all-versions', package])
    depends = re.findall(r'^(?:Pre-)?Depends: (.+)$', shown, re.M)
    names = re.split(r'[,|]', ','.join(depends).replace(' ', ''))
    names = [re.sub(r'\(.*', '', name) for name in names]
    return [package] + [name for name in names
                        if re.fullmatch(rf'linux-(binary|modules)-{re.escape(release)}', name)]


def newer(one, other):
    """Compares (version, package); of equal versions the shorter name is taken."""
    if one[0] == other[0]:
        return len(one[1]) < len(other[1])
    return subprocess.run(['dpkg', '--compare-versions', one[0], 'gt', other[0]],
                          check=False).returncode == 0
