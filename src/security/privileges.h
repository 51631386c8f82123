/* SPDX-License-Identifier: MIT */
/*
 * What a run gives up once its probes are attached: being root, all capabilities it has no more use
 * for, and, by a filter, the system calls it does not make any more. What is needed afterwards, and
 * why, is the table in privileges.c.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"

/* What a run still does after attaching. */
enum privilege_use {
	PRIVILEGE_TASKS = 1 << 0,   /* looks which call other users' threads wait in */
	PRIVILEGE_CGROUPS = 1 << 1, /* looks cgroups up by their ids */
	PRIVILEGE_COMMAND = 1 << 2, /* ends a command, which may be another user's */
	/* Found out, not asked for: */
	PRIVILEGE_MAPS = 1 << 3, /* reads maps where bpf(2) is for the privileged only */
	PRIVILEGE_PRIORITY =
		1 << 4, /* raises its priority while it does, where no limit allows that */
};

/**
 * struct privileges - what is left
 * @capabilities: bit N: the one with number N
 * @root:         it is still root, as this process may not become anybody else
 * @filtered:     system calls are filtered
 */
struct privileges {
	uint64_t capabilities;
	bool root;
	bool filtered;
};

enum {
	PRIVILEGES_NOBODY = 65534, /* the user and the group that own nothing */
};

/** privileges_set() - have these capabilities, and none to inherit. Return: 0, or -1 with errno. */
int privileges_set(uint64_t permitted, uint64_t effective);

/** privileges_read() - the capabilities that this process has in effect now. Return: 0, or negative
 * errno: the kernel does not say. */
int privileges_read(uint64_t *effective);

/** privileges_of() - the same; none when the kernel does not say. */
uint64_t privileges_of(void);

/**
 * privileges_drop() - give up everything but what is for these uses
 * @command: the process that may be sent signals, or 0
 * Return: 0, or negative errno: something that could have been given up is still there. What this
 * process may not change about itself, as in a user namespace that has no nobody, is no failure;
 * @left tells.
 */
int privileges_drop(unsigned uses, pid_t command, struct privileges *left, struct error *err);

/** privileges_lacking() - which of these uses do not have all it takes. */
unsigned privileges_lacking(unsigned uses, const struct privileges *left);

/** privileges_text() - "no capabilities, nobody, system calls filtered" into @buf. Return: @buf. */
const char *privileges_text(const struct privileges *left, char *buf, size_t size);

#endif
