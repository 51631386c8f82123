# SPDX-License-Identifier: MIT
"""A virtual machine: qemu's command line, and a guest that runs until its command has ended."""

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import time

from arch import split
from commands import Error

TIMED_OUT = 124
FAILED = 125

KERNEL_ARGS = [
    # Warnings and worse go to the console log; --verbose has everything there.
    'panic=-1',
    'mitigations=off',
    'nokaslr',
    'nowatchdog',
    'audit=0',
    'apparmor=0',
    'cryptomgr.notests=1',
    # With one processor, nothing is gained by lazy grace periods.
    'rcupdate.rcu_expedited=1',
    # The emulator translates code again for each address at which it runs.
    'norandmaps',
    # No clearing of memory that nobody asks for.
    'init_on_alloc=0',
    'transparent_hugepage=madvise',
]


def comma(path):
    """A path as the value of an option of qemu."""
    return os.path.abspath(path).replace(',', ',,')


def qemu_command(options, directory, work, output, status):
    arch, _ = split(options.kernel)
    qemu = shutil.which(arch.qemu[0])
    if not qemu:
        raise Error(f'{arch.qemu[0]} is not installed (Debian: {arch.qemu[1]})')
    arguments = [*arch.arguments, *KERNEL_ARGS]
    if not options.verbose:
        arguments += ['quiet', 'loglevel=5']
    command = [
        qemu, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot',
        *arch.machine,
        # With a thread for each processor, guests have crashed.
        '-accel', 'tcg,thread=single', '-smp', str(options.cpus),
        '-m', str(options.memory), '-name', 'bcc-vm',
        '-kernel', os.path.join(directory, 'kernel'),
        '-initrd', os.path.join(work, 'initramfs'),
        '-append', ' '.join(arguments + [options.append]).strip(),
        '-serial', f'file:{comma(os.path.join(work, "console"))}',
        '-device', 'virtio-serial-pci',
        '-chardev', f'socket,id=output,fd={output}',
        '-device', 'virtserialport,chardev=output,name=output',
        '-chardev', f'socket,id=status,fd={status}',
        '-device', 'virtserialport,chardev=status,name=status',
        '-fsdev', f'local,id=root,path={comma(options.root)},security_model=none,readonly=on,'
                  'multidevs=remap',
        '-device', 'virtio-9p-pci,fsdev=root,mount_tag=root',
    ]
    for number, (_, host) in enumerate(options.export):
        command += ['-fsdev', f'local,id=export{number},path={comma(host)},security_model=none,'
                              'multidevs=remap',
                    '-device', f'virtio-9p-pci,fsdev=export{number},mount_tag=export{number}']
    if options.icount:
        command += ['-icount', 'shift=0', '-rtc', 'base=utc,clock=vm', '-seed', '1']
    else:
        command += ['-rtc', 'base=utc,clock=host']
    return command


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Guest:
    """A running machine: reads its two channels until it has nothing more to say."""

    def __init__(self, options, directory, work, mark):
        self.options = options
        self.mark = mark.encode()  # what follows the output
        self.held = b''            # output that might be the start of the mark
        self.complete = False      # the mark has come
        self.ready = None     # when the command started
        self.code = None      # its exit status
        self.ended = None     # when it ended
        self.lines = b''
        output, output_end = socket.socketpair()
        status, status_end = socket.socketpair()
        self.channels = {output: self.take_output, status: self.take_status}
        self.started = time.monotonic()
        self.stderr = os.path.join(work, 'qemu')
        with open(self.stderr, 'wb') as errors:
            self.process = subprocess.Popen(
                qemu_command(options, directory, work, output_end.fileno(), status_end.fileno()),
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                pass_fds=(output_end.fileno(), status_end.fileno()), start_new_session=True,
                preexec_fn=die_with_parent)
        output_end.close()
        status_end.close()

    def stop(self):
        self.process.kill()
        self.process.wait()

    def take_output(self, data):
        data = self.held + data
        if data.endswith(self.mark):
            self.complete = True
            keep = len(self.mark)
        else:
            keep = next(size for size in range(min(len(self.mark), len(data)), -1, -1)
                        if data.endswith(self.mark[:size]))
        end = len(data) - keep
        self.held = data[end:]
        view = memoryview(data)[:end]
        while view:
            view = view[os.write(1, view):]

    def take_status(self, data):
        *lines, self.lines = (self.lines + data).split(b'\n')
        for line in lines:
            word, _, value = line.decode(errors='replace').partition(' ')
            if word == 'ready':
                self.ready = time.monotonic()
            elif word == 'exit':
                self.code = int(value)
                self.ended = time.monotonic()

    def deadline(self):
        """When to give up, and what to say then."""
        if self.ready is None:
            limit = self.options.boot_timeout
            return self.started + limit, f'the guest did not start within {limit:g} s'
        if self.code is None:
            limit = self.options.timeout
            return self.ready + (limit or 1e9), f'the command did not end within {limit:g} s'
        return self.ended + 30, 'the guest did not hand over all output'

    def run(self):
        """Returns (exit status, what went wrong or None)."""
        while self.code is None or not self.complete:
            when, problem = self.deadline()
            left = when - time.monotonic()
            if left <= 0:
                return TIMED_OUT if self.ready and self.code is None else FAILED, problem
            readable, _, _ = select.select(list(self.channels), [], [], left)
            for channel in readable:
                data = b''
                try:
                    data = channel.recv(1 << 16)
                except ConnectionResetError:
                    pass
                if data:
                    self.channels[channel](data)
                else:
                    del self.channels[channel]
            if not self.channels:
                self.process.wait()
                return FAILED, f'the machine ended by itself (qemu: {self.process.returncode})'
        return self.code, None
