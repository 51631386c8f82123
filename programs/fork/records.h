/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Events of processes and threads, as they come through the perf buffer. */
#ifndef FORK_H
#define FORK_H

#include <linux/types.h>

enum fork_type {
	FORK_FORK,   /* struct fork_birth */
	FORK_THREAD, /* struct fork_birth */
	FORK_EXEC,   /* struct fork_exec */
	FORK_EXIT,   /* struct fork_exit */
	FORK_TYPES,
};

enum {
	FORK_COMM = 16,
	FORK_PATH = 4096, /* PATH_MAX */
};

/**
 * struct fork_head - what every event begins with
 * @time_ns: CLOCK_MONOTONIC
 * @type:    enum fork_type
 * @pid, @tid: thread group id and thread id of the task the event is about (fork, thread: the new one)
 * @ppid:    thread group id of its parent
 * @host_pid, @host_tid, @host_ppid: the same ids in the initial PID namespace; @pid, @tid and @ppid are those
 *           of the tool's own, 0 for a task that it cannot see
 * @uid:     real user id, in the initial user namespace
 * @comm:    its name; not NUL-terminated when 16 long
 */
struct fork_head {
	__u64 time_ns;
	__u32 type;
	__u32 pid;
	__u32 tid;
	__u32 ppid;
	__u32 uid;
	__u32 host_pid;
	__u32 host_tid;
	__u32 host_ppid;
	char comm[FORK_COMM];
};

/** struct fork_birth - @flags: of clone(2); @parent_comm: name of the task that made it */
struct fork_birth {
	struct fork_head head;
	__u64 flags;
	char parent_comm[FORK_COMM];
};

/**
 * struct fork_exit - a thread ended
 * @lifetime_ns: since it was made; of the whole process when it was the last thread
 * @status:      as wait(2) reports it: exit code << 8, or signal | 0x80 with a core
 * @last:        1 when the process has ended with it
 */
struct fork_exit {
	struct fork_head head;
	__u64 lifetime_ns;
	__u32 status;
	__u32 last;
};

/**
 * struct fork_usage - what a thread, or with the last one its process, has used
 * @runtime_ns: time on a CPU, exact but for the running tick
 * @user_ns, @system_ns: as the kernel samples them; their ratio divides the runtime
 * @max_rss_pages: most memory the process had; 0 for a single thread
 * @minor_faults, @major_faults: pages it waited for, without and with input
 */
struct fork_usage {
	__u64 runtime_ns;
	__u64 user_ns;
	__u64 system_ns;
	__u64 max_rss_pages;
	__u64 minor_faults;
	__u64 major_faults;
};

/** struct fork_exit_usage - an exit when usage is asked for */
struct fork_exit_usage {
	struct fork_exit exit;
	struct fork_usage usage;
};

/**
 * struct fork_exec - a program was executed, or could not be
 * @old_comm:  name before; all zero when not known
 * @args_size: bytes of arguments there are, each ended by a NUL, in the new program's memory
 * @args_read: bytes of them that follow in @data, after the path
 * @path_size: bytes of the path in @data, with its NUL
 * @ret:       0, or the negative errno of an exec that failed
 * @data:      path, then arguments
 */
struct fork_exec {
	struct fork_head head;
	char old_comm[FORK_COMM];
	__u32 args_size;
	__u32 args_read;
	__u32 path_size;
	__s32 ret;
	char data[];
};

_Static_assert(sizeof(struct fork_head) == 56, "same layout on both sides");
_Static_assert(sizeof(struct fork_birth) == 80, "same layout on both sides");
_Static_assert(sizeof(struct fork_exit) == 72, "same layout on both sides");
_Static_assert(sizeof(struct fork_exit_usage) == 120, "same layout on both sides");
_Static_assert(sizeof(struct fork_exec) == 88, "same layout on both sides");

#endif
