/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Events of processes and threads, as they come through the perf buffer. */
#ifndef PROGRAMS_FORK_RECORDS_H
#define PROGRAMS_FORK_RECORDS_H

#include <linux/types.h>

enum fork_type {
	FORK_FORK,   /* struct fork_birth */
	FORK_THREAD, /* struct fork_birth */
	FORK_EXEC,   /* struct fork_exec */
	FORK_EXIT,   /* struct fork_exit */
	FORK_TYPES,
};

enum { FORK_COMM = 16, FORK_PATH = 4096 /* PATH_MAX */ };

/* What every event begins with. It is about a task; of a birth, about the new one. */
struct fork_head {
	__u64 time_ns;        /* CLOCK_MONOTONIC */
	__u32 type;           /* enum fork_type */
	__u32 pid, tid, ppid; /* in the tool's PID namespace; 0: not seen from there */
	__u32 uid, euid;      /* real and effective user id, in the initial user namespace */
	__u32 host_pid, host_tid, host_ppid, unused; /* in the initial PID namespace */
	char comm[FORK_COMM];                        /* name; without a NUL when 16 long */
};

struct fork_birth {
	struct fork_head head;
	__u64 flags;                 /* of clone(2) */
	char parent_comm[FORK_COMM]; /* of the task that made it; a new task has its name */
	__u32 by_pid, host_by_pid;   /* its process; with CLONE_PARENT that is not the parent */
};

/* A thread ended. */
struct fork_exit {
	struct fork_head head;
	__u64 lifetime_ns; /* since it was made; with @last of the process */
	__u32 status;      /* as of wait(2): exit code << 8, or signal, | 0x80 with a core */
	__u32 last;        /* 1: the process has ended with it */
};

/* What a thread, or with the last one its process, has used. */
struct fork_usage {
	__u64 runtime_ns; /* time on a CPU, exact but for the running tick */
	__u64 user_ns;    /* sampled by the kernel; the ratio of the two divides the runtime */
	__u64 system_ns;
	__u64 max_rss_pages; /* most memory the process had; 0 for a single thread */
	__u64 minor_faults;  /* pages it waited for, without input */
	__u64 major_faults;  /* and with input */
};

/* An exit when usage is asked for. */
struct fork_exit_usage {
	struct fork_exit exit;
	struct fork_usage usage;
};

/* A program was executed, or could not be. */
struct fork_exec {
	struct fork_head head;
	char old_comm[FORK_COMM]; /* name before; all zero: not known */
	__u32 args_size;          /* bytes of all arguments, each with its NUL */
	__u32 args_read;          /* bytes of them that follow in @data, after the path */
	__u32 path_size;          /* bytes of the path in @data, with its NUL */
	__s32 ret;                /* 0, or the negative errno of an exec that failed */
	char data[];              /* path, then arguments */
};

_Static_assert(sizeof(struct fork_head) == 64 && sizeof(struct fork_birth) == 96, "same layout");
_Static_assert(sizeof(struct fork_exit) == 80 && sizeof(struct fork_exec) == 96, "same layout");
_Static_assert(sizeof(struct fork_exit_usage) == 128, "same layout");

#endif
