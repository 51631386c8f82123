/* SPDX-License-Identifier: MIT */
/*
 * A machine that runs the instructions of a compiled filter for a made-up task: what the kernel
 * would do, without the kernel.
 */
#ifndef BPF_MACHINE_H
#define BPF_MACHINE_H

#include "unit.h"

#include "compiling.h"
#include "object.h"

enum {
	STACK = 512,
	TASK_SIZE = 4096,
	STEPS_MAX = 100000,
	FOLLOWED_MAX = 4,
	LEVELS = 4,
	PID_SIZE = NUMBERS + LEVELS * 16,
};

/* The running task, and all the memory a program may see. */
struct world {
	uint32_t pid, tid, uid, gid, ppid, euid;
	char comm[16];
	bool in_cgroup;
	uint32_t followed[FOLLOWED_MAX];
	size_t nfollowed;
	_Alignas(8) char stack[STACK];
	uint32_t state;
	_Alignas(8) char task[TASK_SIZE];
	_Alignas(8) char parent[TASK_SIZE];
	_Alignas(8) char cred[64];
	/* With PID namespaces: what the tasks' ids are made of. */
	size_t level;
	_Alignas(8) char namespaces[LEVELS][64];
	_Alignas(8) char thread[PID_SIZE], process[PID_SIZE], parent_process[PID_SIZE];
	_Alignas(8) char signal[256], parent_signal[256];
};

/** bpf_run() - what the object's first program returns for this task */
int bpf_run(const struct object *object, const struct parameters *parameters, struct world *world);

#endif
