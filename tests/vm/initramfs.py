# SPDX-License-Identifier: MIT
"""
The initramfs that a guest starts from: busybox, kernel modules, guest-init, guest-main, and the
command to run, with its environment and working directory.
"""

import os
import shlex
import shutil

from arch import AMD64, split
from commands import Error, say

FAILED = 125  # the exit status if the machine fails, see run
HERE = os.path.dirname(os.path.realpath(__file__))
PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

# Runs the command in the guest. It looks the program up itself because busybox's shell and `env`
# prefer their own programs to others of the same name.
COMMAND = """\
cd {cwd} || exit {failed}
set -- {words}
program=$1
shift
case $program in
*/*) ;;
*)
	name=$program
	program=
	path={path}
	IFS=:
	for directory in $path; do
		if [ -f "$directory/$name" ] && [ -x "$directory/$name" ]; then
			program=$directory/$name
			break
		fi
	done
	unset IFS
	if [ -z "$program" ]; then
		echo "vm: $name: not found" >&2
		exit 127
	fi
	;;
esac
exec /run/vm/busybox env -i {environment} "$program" "$@"
"""


def working_directory(options):
    if options.cwd:
        return options.cwd
    physical = os.getcwd()
    logical = os.environ.get('PWD', '')
    try:
        if os.path.isabs(logical) and os.path.samefile(logical, physical):
            return logical
    except OSError:
        pass
    return physical


def cpio(entries):
    """An archive in the "newc" format of [(name, mode, content)]."""
    parts = []
    entries = entries + [('TRAILER!!!', 0, b'')]
    for number, (name, mode, content) in enumerate(entries, 1):
        name = os.fsencode(name) + b'\0'
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
        head = b'070701' + b''.join(b'%08X' % field for field in fields) + name
        parts += [head, b'\0' * (-len(head) % 4), content, b'\0' * (-len(content) % 4)]
    return b''.join(parts)


def module_order(meta, wanted):
    """Modules with all they need, in an order they can be loaded in."""
    order = []

    def visit(name, above=()):
        if name in order or name in above:
            return
        for need in meta['modules'][name]:
            if need in meta['modules']:
                visit(need, above + (name,))
        order.append(name)

    for name in wanted:
        if name in meta['modules']:
            visit(name)
    return order


def environment(options):
    """The command's environment: the usual variables, and those of --env."""
    variables = {'HOME': '/root', 'LANG': 'C.UTF-8', 'LOGNAME': 'root', 'PATH': PATH,
                 'SHELL': '/bin/sh', 'TERM': 'dumb', 'USER': 'root'}
    for item in options.env:
        name, equals, value = item.partition('=')
        if equals:
            variables[name] = value
        elif name in os.environ:
            variables[name] = os.environ[name]
    return variables


def command_script(options):
    """The shell script that runs the command."""
    variables = environment(options)
    quoted = ' '.join(shlex.quote(f'{name}={value}') for name, value in variables.items())
    return COMMAND.format(cwd=shlex.quote(working_directory(options)), failed=FAILED,
                          environment=quoted, path=shlex.quote(variables['PATH']),
                          words=' '.join(map(shlex.quote, options.command)))


def settings(options, modules, mark):
    """Shell variables for guest-init and guest-main, as bytes."""
    cwd = os.path.realpath(working_directory(options)) + '/'
    keep_tmp = options.keep_tmp or cwd.startswith('/tmp/')
    values = {
        'vm_modules': ' '.join(modules),
        'vm_tracefs': 'no' if options.no_tracefs else 'yes',
        'vm_keep_tmp': 'yes' if keep_tmp else 'no',
        'vm_mark': mark,
        'vm_exports': ' '.join(f'{number}:{octal(guest)}'
                               for number, (guest, _) in enumerate(options.export)),
    }
    return b''.join(os.fsencode(f'{name}={shlex.quote(value)}\n') for name, value in values.items())


def octal(text):
    """A text for the shell's printf %b, each byte as an octal escape."""
    return ''.join(f'\\0{byte:o}' for byte in os.fsencode(text))


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def read_busybox(options):
    """The host's, or for another architecture that of the root file system."""
    path = shutil.which('busybox')
    if split(options.kernel)[0] is not AMD64:
        path = shutil.which('busybox', path=os.path.join(options.root, 'usr/bin'))
    if not path:
        raise Error('busybox is not installed (Debian: busybox-static)')
    program = read(path)
    if b'/ld-linux' in program[:4096]:
        raise Error(f'{path} is not statically linked (Debian: busybox-static)')
    return program


def initramfs(options, directory, meta, mark):
    """
    The archive, as bytes.

    directory, meta: the kernel's entry in the cache, see kernels.py
    mark: what guest-main prints after the command's output
    """
    wanted = list(meta['base'])
    for name in options.modules.replace('-', '_').split(','):
        if name and name not in meta['modules']:
            say(f'the module {name} is not in the cache: not loaded, if it is not built in')
        wanted += [name] if name else []
    modules = module_order(meta, wanted)
    entries = [('bin', 0o40755, b''), ('modules', 0o40755, b''),
               ('bin/busybox', 0o100755, read_busybox(options)),
               ('init', 0o100755, read(os.path.join(HERE, 'guest-init'))),
               ('guest-main', 0o100644, read(os.path.join(HERE, 'guest-main'))),
               ('command', 0o100644, os.fsencode(command_script(options))),
               ('conf', 0o100644, settings(options, modules, mark))]
    entries += [(f'modules/{name}.ko', 0o100644,
                 read(os.path.join(directory, 'modules', name + '.ko'))) for name in modules]
    return cpio(entries)
