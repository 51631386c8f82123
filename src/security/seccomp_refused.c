/* SPDX-License-Identifier: MIT */
/* The filters that list what is refused. See seccomp_refused.h. */
#define _GNU_SOURCE
#include "seccomp_refused.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cleanup.h"

/* Of the calls that there were in Linux 5.0. Later ones: seccomp_lack_new_calls(). */
static const int refused[] = {
	/* other programs and processes */
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(clone),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(rt_sigqueueinfo),
	SCMP_SYS(rt_tgsigqueueinfo),
	SCMP_SYS(kcmp),
	SCMP_SYS(setpriority),
	SCMP_SYS(sched_setscheduler),
	SCMP_SYS(sched_setparam),
	SCMP_SYS(sched_setattr),
	SCMP_SYS(sched_setaffinity),
	SCMP_SYS(ioprio_set),
	SCMP_SYS(migrate_pages),
	SCMP_SYS(move_pages),
	/* changing user, capabilities and namespaces */
	SCMP_SYS(setuid),
	SCMP_SYS(setgid),
	SCMP_SYS(setreuid),
	SCMP_SYS(setregid),
	SCMP_SYS(setresuid),
	SCMP_SYS(setresgid),
	SCMP_SYS(setgroups),
	SCMP_SYS(setfsuid),
	SCMP_SYS(setfsgid),
	SCMP_SYS(capset),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(personality),
	/* changing the machine */
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(iopl),
	SCMP_SYS(ioperm),
	SCMP_SYS(modify_ldt),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(clock_adjtime),
	SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
	SCMP_SYS(syslog),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	/* large parts of the kernel that had many exploitable bugs */
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(bpf),
	SCMP_SYS(fanotify_init),
	SCMP_SYS(vmsplice),
	/* mounts */
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	/* making and changing files by name */
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(mq_open),
	SCMP_SYS(mq_unlink),
	SCMP_SYS(shmget),
	SCMP_SYS(semget),
	SCMP_SYS(msgget),
	SCMP_SYS(utimensat),
	SCMP_SYS(creat),
	SCMP_SYS(truncate),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(symlink),
	SCMP_SYS(symlinkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(rmdir),
	SCMP_SYS(mknod),
	SCMP_SYS(mknodat),
	SCMP_SYS(chmod),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat),
	SCMP_SYS(chown),
	SCMP_SYS(lchown),
	SCMP_SYS(fchown),
	SCMP_SYS(fchownat),
	SCMP_SYS(setxattr),
	SCMP_SYS(lsetxattr),
	SCMP_SYS(fsetxattr),
	SCMP_SYS(removexattr),
	SCMP_SYS(lremovexattr),
	SCMP_SYS(fremovexattr),
};

static const int sockets_refused[] = { SCMP_SYS(socket), SCMP_SYS(socketpair) };

/* Input that a terminal takes for typed. */
static void refuse_typing(struct seccomp_program *p)
{
	unsigned short began = seccomp_begin(p, SCMP_SYS(ioctl));

	if (!began)
		return;
	seccomp_argument(p, 1);
	seccomp_refuse_value(p, TIOCSTI);
	seccomp_refuse_value(p, TIOCLINUX);
	seccomp_end(p, began, true);
}

/* Limits of this process only. */
static void keep_to_own_limits(struct seccomp_program *p)
{
	const uint32_t self[] = { 0, (uint32_t)getpid() };

	seccomp_allow_values(p, SCMP_SYS(prlimit64), 0, self, array_size(self));
}

void seccomp_refuse_most(struct seccomp_program *p, bool sockets)
{
	const uint32_t self[] = { (uint32_t)getpid() };

	seccomp_allow_reading(p);
	refuse_typing(p);
	keep_to_own_limits(p);
	seccomp_allow_values(p, SCMP_SYS(kill), 0, self, array_size(self));
	seccomp_allow_values(p, SCMP_SYS(tgkill), 0, self, array_size(self));
	seccomp_allow_values(p, SCMP_SYS(tkill), 0, self, array_size(self));
	if (!sockets)
		seccomp_refuse_calls(p, sockets_refused, array_size(sockets_refused));
	seccomp_refuse_calls(p, refused, array_size(refused));
	seccomp_lack_new_calls(p);
}
