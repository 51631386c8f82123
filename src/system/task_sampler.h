/* SPDX-License-Identifier: MIT */
/*
 * Copies of a running task's own structures, taken by a small BPF program in the kernel.
 *
 * The program runs at a raw tracepoint. It waits for a task with a given name, copies the first
 * bytes of its task_struct, or of a structure that a member points to, into a map, and waits no
 * more. Only tasks that this process has made and named are copied, see task_subjects.h.
 */
#ifndef TASK_SAMPLER_H
#define TASK_SAMPLER_H

#include <stdint.h>

#include "error.h"

enum {
	TASK_SAMPLE_BYTES = 8192,   /* of a task_struct */
	TASK_SAMPLE_POINTED = 2048, /* of a structure that it points to */
	TASK_SAMPLE_NAME = 16,      /* bytes of a task's name, with the final NUL */
};

/**
 * struct task_sample - one copy; what the kernel could not read is zero
 * @ids:   process id in the high half, thread id in the low one, of the initial PID namespace
 * @task:  address of the task_struct
 * @arg:   first argument of the tracepoint: the registers at sys_enter
 * @bytes: of the task_struct, or of the structure that was asked for
 */
struct task_sample {
	uint64_t ids;
	uint64_t task;
	uint64_t arg;
	unsigned char bytes[TASK_SAMPLE_BYTES];
};

/** struct task_sampler - descriptors of the program, its link and its maps */
struct task_sampler {
	int program, link, aim, sample;
};

#define TASK_SAMPLER_INIT                                                                          \
	{                                                                                          \
		.program = -1, .link = -1, .aim = -1, .sample = -1                                 \
	}

/**
 * task_sampler_open() - load the program; it is not attached yet
 * @sampler: from TASK_SAMPLER_INIT; release with task_sampler_close()
 *
 * Return: 0 or negative errno.
 */
int task_sampler_open(struct task_sampler *sampler, struct error *err);

/** task_sampler_close() - detach, unload and release. */
void task_sampler_close(struct task_sampler *sampler);

/**
 * task_sampler_attach() - have the program run at a raw tracepoint, and nowhere else
 * @tracepoint: "sys_enter"
 *
 * Return: 0 or negative errno.
 */
int task_sampler_attach(struct task_sampler *sampler, const char *tracepoint);

/**
 * task_sampler_aim() - copy once, from the task with this name that comes next
 * @name:    TASK_SAMPLE_NAME bytes, filled up with NUL
 * @pointer: offset of the member of task_struct that points to the structure to copy; -1: copy
 *           task_struct itself
 *
 * Return: 0 or negative errno.
 */
int task_sampler_aim(const struct task_sampler *sampler, const char *name, int pointer);

/**
 * task_sampler_take() - fetch the copy
 *
 * Return: 0; -EAGAIN when no such task has come by; or another negative errno.
 */
int task_sampler_take(const struct task_sampler *sampler, struct task_sample *sample);

#endif
