/* SPDX-License-Identifier: MIT */
/* A seccomp filter for a process that traces or compiles. See seccomp_filter.h. */
#define _GNU_SOURCE
#include "seccomp_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

/* Neither a tool after attaching nor the compiler makes these calls. */
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
	SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(rt_sigqueueinfo),
	SCMP_SYS(rt_tgsigqueueinfo),
	SCMP_SYS(kcmp),
	SCMP_SYS(setpriority),
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
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	/* mounts */
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount),
	SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr),
	/* making and changing files by name */
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

/* The C library tries these first and falls back, but only on ENOSYS. */
static const int missing[] = { SCMP_SYS(clone3), SCMP_SYS(openat2) };

/* The compiler does not make these calls, a tool does. */
static const int refused_compiler[] = { SCMP_SYS(bpf), SCMP_SYS(socket), SCMP_SYS(socketpair) };

enum {
	INSNS_MAX = 2 * (array_size(refused) + array_size(missing) + array_size(refused_compiler)) +
		    128,
};

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

/*
 * A classic BPF program. libseccomp would write it too, but needs 1.5 ms for what takes a few
 * microseconds here.
 */
struct program {
	struct sock_filter insns[INSNS_MAX];
	unsigned short count;
};

static void add(struct program *p, struct sock_filter insn)
{
	p->insns[p->count++] = insn;
}

static void add_verdict(struct program *p, uint32_t verdict)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void refuse(struct program *p, int code)
{
	add_verdict(p, SECCOMP_RET_ERRNO | (uint32_t)code);
}

static void load_number(struct program *p)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					    offsetof(struct seccomp_data, nr)));
}

/* The low half: an int argument has no other, and both architectures are little-endian. */
static void load_argument(struct program *p, unsigned i)
{
	add(p, (struct sock_filter)BPF_STMT(
		       BPF_LD | BPF_W | BPF_ABS,
		       (uint32_t)(offsetof(struct seccomp_data, args) + i * sizeof(uint64_t))));
}

/* Refuse the call if the accumulator is @value. */
static void refuse_if(struct program *p, uint32_t value, int code)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
	refuse(p, code);
}

static void refuse_if_any(struct program *p, uint32_t bits)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
	refuse(p, EPERM);
}

static void allow_if(struct program *p, uint32_t value)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
	add_verdict(p, SECCOMP_RET_ALLOW);
}

/* libseccomp gives calls that this architecture does not have a negative number. */
static void refuse_calls(struct program *p, const int *calls, size_t count, int code)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i] >= 0)
			refuse_if(p, (uint32_t)calls[i], code);
}

/*
 * The instructions added from here to end_call() run only for this call.
 * Return: the argument for end_call().
 */
static unsigned short begin_call(struct program *p, int call)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 0));
	return p->count;
}

static void end_call(struct program *p, unsigned short began, uint32_t verdict)
{
	add_verdict(p, verdict);
	p->insns[began - 1].jf = (unsigned char)(p->count - began);
}

/* Allow opening files for reading only. */
static void refuse_writing(struct program *p, int call, unsigned argument)
{
	unsigned short began;

	if (call < 0)
		return;
	began = begin_call(p, call);
	load_argument(p, argument);
	refuse_if_any(p, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
	end_call(p, began, SECCOMP_RET_ALLOW);
}

/* Of bpf(2), allow only what reads and empties maps. */
static void allow_maps(struct program *p)
{
	static const uint32_t commands[] = {
		BPF_MAP_LOOKUP_ELEM,
		BPF_MAP_UPDATE_ELEM,
		BPF_MAP_DELETE_ELEM,
		BPF_MAP_GET_NEXT_KEY,
		BPF_MAP_LOOKUP_AND_DELETE_ELEM,
		BPF_MAP_LOOKUP_BATCH,
		BPF_MAP_UPDATE_BATCH,
		BPF_MAP_LOOKUP_AND_DELETE_BATCH,
		BPF_MAP_DELETE_BATCH,
		BPF_OBJ_GET_INFO_BY_FD,
	};
	unsigned short began = begin_call(p, SCMP_SYS(bpf));

	load_argument(p, 0);
	for (size_t i = 0; i < array_size(commands); i++)
		allow_if(p, commands[i]);
	end_call(p, began, SECCOMP_RET_ERRNO | EPERM);
}

/* With @probes allow signal 0 to every process: it only asks whether the process exists. */
static void allow_signals(struct program *p, int call, bool probes, pid_t command)
{
	unsigned short began = begin_call(p, call);

	if (probes) {
		load_argument(p, 1);
		allow_if(p, 0);
	}
	load_argument(p, 0);
	allow_if(p, (uint32_t)getpid());
	if (command > 0) {
		allow_if(p, (uint32_t)command);
		allow_if(p, (uint32_t)-command); /* its process group */
	}
	end_call(p, began, SECCOMP_RET_ERRNO | EPERM);
}

static void write_program(struct program *p, enum seccomp_filter kind, pid_t command)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					    offsetof(struct seccomp_data, arch)));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0));
	refuse(p, EPERM);
	load_number(p);
#if defined(__x86_64__)
	refuse_if_any(p, __X32_SYSCALL_BIT);
#endif
	/*
	 * Inside these the accumulator holds an argument in place of the number. That is safe
	 * because each of them ends with a verdict.
	 */
	refuse_writing(p, SCMP_SYS(openat), 2);
	refuse_writing(p, SCMP_SYS(open), 1);
	if (kind == SECCOMP_FILTER_TOOL)
		allow_maps(p);
	else
		refuse_calls(p, refused_compiler, array_size(refused_compiler), EPERM);
	allow_signals(p, SCMP_SYS(kill), true, command);
	allow_signals(p, SCMP_SYS(tgkill), false, 0);
	allow_signals(p, SCMP_SYS(tkill), false, 0);
	refuse_calls(p, missing, array_size(missing), ENOSYS);
	refuse_calls(p, refused, array_size(refused), EPERM);
	add_verdict(p, SECCOMP_RET_ALLOW);
}

int seccomp_filter_install(enum seccomp_filter kind, pid_t command, struct error *err)
{
	struct program program = { .count = 0 };
	struct sock_fprog filter = { .filter = program.insns };

	write_program(&program, kind, command);
	filter.len = program.count;
	/*
	 * Before 5.16 the kernel turns speculation mitigations on for a process with a filter,
	 * which slows all of it down, unless this flag is given.
	 */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		    &filter) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOSYS)
		return error_set(
			err, -ENOTSUP,
			"the kernel has no filters for system calls (CONFIG_SECCOMP_FILTER)");
	return error_set(err, -errno, "filtering system calls: %s", error_words(errno));
}
