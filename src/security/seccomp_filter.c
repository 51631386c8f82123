/* SPDX-License-Identifier: MIT */
/* Seccomp filters for a process that traces, inspects or compiles. See seccomp_filter.h. */
#define _GNU_SOURCE
#include "seccomp_filter.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "seccomp_program.h"
#include "seccomp_refused.h"

/*
 * What a tool calls while it reads and reports, those first that it calls most; and what other
 * versions of the C library call for the same functions. None of them opens, makes or changes
 * anything outside this process.
 */
static const int tool_calls[] = {
	/* descriptors that are open, and files that are read */
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(close),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(getdents64),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(dup),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	SCMP_SYS(eventfd2),
	/* a perf buffer from the opener */
	SCMP_SYS(recvmsg),
	/* time */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(times),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(timerfd_gettime),
	SCMP_SYS(setitimer),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(membarrier),
	/* this process, and the end of its children */
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigpending),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getppid),
	SCMP_SYS(getpgrp),
	SCMP_SYS(getpgid),
	SCMP_SYS(getsid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(getcpu),
	SCMP_SYS(capget),
	SCMP_SYS(sched_getscheduler),
	SCMP_SYS(sched_getparam),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_get_priority_min),
	SCMP_SYS(sched_get_priority_max),
	SCMP_SYS(sched_yield),
	SCMP_SYS(wait4),
	SCMP_SYS(waitid),
	/* to wait for the end of a process; signals and descriptors take further calls */
	SCMP_SYS(pidfd_open),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* An inspector reads a question, opens and reads a file of /proc, and answers. */
static const int inspector_calls[] = {
	SCMP_SYS(read),       SCMP_SYS(close),        SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(statx),        SCMP_SYS(readlinkat),
	SCMP_SYS(getpid),     SCMP_SYS(brk),          SCMP_SYS(exit_group),
	SCMP_SYS(exit),       SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
};

/* An opener reads a question, opens a perf buffer, and sends it. */
static const int opener_calls[] = {
	SCMP_SYS(read), SCMP_SYS(munmap),       SCMP_SYS(close),           SCMP_SYS(exit_group),
	SCMP_SYS(exit), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
};

/* Of bpf(2), only what reads and empties maps. */
static const uint32_t map_commands[] = {
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

/*
 * The terminal's size and mode, and perf buffers. A C library of 2.42 or later asks for the mode
 * by the requests with a 2. Not TIOCSTI: what it puts into a terminal, root's shell takes for
 * typed.
 */
static const uint32_t ioctl_requests[] = {
	PERF_EVENT_IOC_DISABLE,
	PERF_EVENT_IOC_ENABLE,
	PERF_EVENT_IOC_RESET,
	TIOCGWINSZ,
	TIOCGPGRP,
	FIONREAD,
	TCGETS,
	TCSETS,
	TCSETSW,
	TCSETSF,
	TCGETS2,
	TCSETS2,
	TCSETSW2,
	TCSETSF2,
};

static const uint32_t fcntl_commands[] = {
	F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
};

static const uint32_t own[] = { 0 };

/* Reading the limits of this process. */
static void allow_reading_limits(struct seccomp_program *p)
{
	unsigned short began = seccomp_begin(p, SCMP_SYS(prlimit64));

	seccomp_argument(p, 0);
	seccomp_refuse_other(p, 0);
	seccomp_refuse_pointer(p, 2);
	seccomp_end(p, began, true);
}

/*
 * Signals to this process, to COMMAND and to COMMAND's process group. Signal 0 to any single
 * process: it only asks whether the process exists.
 */
static void allow_signals(struct seccomp_program *p, uint32_t command)
{
	const uint32_t self[] = { (uint32_t)getpid() };
	unsigned short began = seccomp_begin(p, SCMP_SYS(kill));

	seccomp_argument(p, 0);
	seccomp_allow_value(p, self[0]);
	if (command) {
		seccomp_allow_value(p, command);
		seccomp_allow_value(p, -command); /* its process group */
	}
	seccomp_refuse_value(p, 0);
	seccomp_refuse_above(p, INT32_MAX);
	seccomp_argument(p, 1);
	seccomp_refuse_other(p, 0);
	seccomp_end(p, began, true);
	seccomp_allow_values(p, SCMP_SYS(tgkill), 0, self, array_size(self));
}

/* No code but what is there: a run loads no libraries after this. */
static void allow_memory(struct seccomp_program *p)
{
	seccomp_allow_without(p, SCMP_SYS(mmap), 2, PROT_EXEC);
	seccomp_allow_without(p, SCMP_SYS(mprotect), 2, PROT_EXEC);
}

static void write_tool(struct seccomp_program *p, int command)
{
	seccomp_allow_values(p, SCMP_SYS(bpf), 0, map_commands, array_size(map_commands));
	seccomp_allow_reading(p);
	seccomp_allow_calls(p, tool_calls, array_size(tool_calls));
	seccomp_allow_values(p, SCMP_SYS(ioctl), 1, ioctl_requests, array_size(ioctl_requests));
	seccomp_allow_values(p, SCMP_SYS(fcntl), 1, fcntl_commands, array_size(fcntl_commands));
	allow_memory(p);
	/* RLIMIT_RTPRIO says how far it may raise its own priority (realtime.h). */
	seccomp_allow_values(p, SCMP_SYS(sched_setscheduler), 0, own, array_size(own));
	allow_reading_limits(p);
	allow_signals(p, (uint32_t)command);
	seccomp_lack_new_calls(p);
	seccomp_end_refusing(p);
}

/* A handle is only opened to be named (O_PATH), which reads nothing of the file. */
static void write_inspector(struct seccomp_program *p, int channel)
{
	const uint32_t to[] = { (uint32_t)channel }, named[] = { O_PATH | O_CLOEXEC };

	seccomp_allow_reading(p);
	seccomp_allow_values(p, SCMP_SYS(write), 0, to, array_size(to));
	seccomp_allow_values(p, SCMP_SYS(open_by_handle_at), 2, named, array_size(named));
	seccomp_allow_calls(p, inspector_calls, array_size(inspector_calls));
	seccomp_lack_new_calls(p);
	seccomp_end_refusing(p);
}

/* An event of a CPU, not of a process: bpf_perf_event_output() takes no others. */
static void write_opener(struct seccomp_program *p, int channel)
{
	const uint32_t to[] = { (uint32_t)channel }, all_processes[] = { (uint32_t)-1 };

	seccomp_allow_values(p, SCMP_SYS(perf_event_open), 1, all_processes, 1);
	seccomp_allow_without(p, SCMP_SYS(mmap), 2, PROT_EXEC);
	seccomp_allow_values(p, SCMP_SYS(sendmsg), 0, to, array_size(to));
	seccomp_allow_values(p, SCMP_SYS(write), 0, to, array_size(to));
	seccomp_allow_calls(p, opener_calls, array_size(opener_calls));
	seccomp_lack_new_calls(p);
	seccomp_end_refusing(p);
}

static void write_program(struct seccomp_program *p, enum seccomp_filter kind, int subject)
{
	seccomp_native_only(p);
	switch (kind) {
	case SECCOMP_FILTER_TOOL:
		write_tool(p, subject);
		break;
	case SECCOMP_FILTER_INSPECTOR:
		write_inspector(p, subject);
		break;
	case SECCOMP_FILTER_OPENER:
		write_opener(p, subject);
		break;
	case SECCOMP_FILTER_RESOLVER:
	case SECCOMP_FILTER_COMPILER:
		seccomp_refuse_most(p, kind == SECCOMP_FILTER_RESOLVER);
		seccomp_end_allowing(p);
		break;
	}
}

int seccomp_filter_install(enum seccomp_filter kind, int subject, struct error *err)
{
	struct seccomp_program program = { .count = 0 };
	struct sock_fprog filter = { .filter = program.insns };

	write_program(&program, kind, subject);
	filter.len = program.count;
	/*
	 * Before 5.16 the kernel turns speculation mitigations on for a process with a filter,
	 * which slows all of it down, unless this flag is given. Before 4.17 there is no such flag.
	 */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		    &filter) == 0)
		return 0;
	if (errno == EINVAL && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOSYS)
		return error_set(
			err, -ENOTSUP,
			"the kernel has no filters for system calls (CONFIG_SECCOMP_FILTER)");
	return error_set(err, -errno, "filtering system calls: %s", error_words(errno));
}
