/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests that compile: program text to object in one call, being an ordinary user, and
 * the structure offsets of a made-up kernel.
 */
#ifndef COMPILING_H
#define COMPILING_H

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "compiler.h"
#include "object.h"
#include "program_text.h"

enum {
	NOBODY = 65534,
	TGID = 2464, /* offsets in task_struct */
	PID = 2460,
	REAL_PARENT = 2472,
	START_TIME = 2480,
	THREAD_PID = 2568,
	SIGNAL = 3000,
	CRED = 3008,
	EUID = 24,            /* in struct cred */
	PIDS_OF_SIGNAL = 136, /* in signal_struct */
	LEVEL = 4,            /* in struct pid */
	NUMBERS = 96,
	INUM = 24, /* in struct pid_namespace */
};

#define NAMESPACE 4026531999u

/* Cannot be undone in this process. */
static inline void become_nobody(void)
{
	if (geteuid() != 0)
		return;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0) {
		perror("becoming nobody");
		exit(1);
	}
	/* The kernel clears this at a change of user; an ordinary process has it. */
	prctl(PR_SET_DUMPABLE, 1);
}

/**
 * compile() - as compiler_compile(), but to an object
 * @object: result; release with object_clear()
 */
static inline int compile(struct program_text *source, const struct hook *hooks, size_t nhooks,
			  struct object *object, struct error *err)
{
	struct blob output;
	int r = compiler_compile(source, hooks, nhooks, &output, err);

	if (r == 0)
		r = object_read(object, output.bytes, output.len, err);
	blob_clear(&output);
	return r;
}

static inline void define_member(struct program_text *source, const char *structure,
				 const char *name, const char *type, size_t offset)
{
	program_text_member(source, &(struct kernel_layout_member){ .structure = structure,
								    .name = name,
								    .type = type,
								    .offset = offset });
}

static inline void define_task(struct program_text *source)
{
	define_member(source, "task_struct", "tgid", "u32", TGID);
	define_member(source, "task_struct", "pid", "u32", PID);
	define_member(source, "task_struct", "start_time", "u64", START_TIME);
	define_member(source, "task_struct", "real_parent", "struct task_struct *", REAL_PARENT);
	define_member(source, "task_struct", "signal", "struct signal_struct *", SIGNAL);
}

static inline void define_namespace(struct program_text *source)
{
	program_text_define(source, "PIDNS", "%u", NAMESPACE);
	define_member(source, "task_struct", "thread_pid", "struct pid *", THREAD_PID);
	define_member(source, "signal_struct", "pids", "struct pid *[2]", PIDS_OF_SIGNAL);
	define_member(source, "pid", "level", "u32", LEVEL);
	define_member(source, "pid", "numbers", "u64[2]", NUMBERS);
	define_member(source, "pid_namespace", "inum", "u32", INUM);
}

#endif
