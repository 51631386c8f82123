/* SPDX-License-Identifier: MIT */
/*
 * What a run gives up once its probes are attached: the user root, every capability it no longer
 * needs, and, by a seccomp filter, the system calls it no longer makes. A tool says what it still
 * does (enum privilege_use); the table in privileges.c says which capability each use takes, and
 * why. The process that reads maps and prints leaves PRIVILEGES_INSPECTED and PRIVILEGE_BUFFERS to
 * helper processes (inspector.h), which give up all but these in the same way.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"
#include "seccomp_filter.h"

/* What a run still does after attaching. */
enum privilege_use {
	PRIVILEGE_TASKS = 1 << 0,   /* reads which call other users' threads wait in */
	PRIVILEGE_CGROUPS = 1 << 1, /* looks up cgroups by their ids */
	PRIVILEGE_COMMAND = 1 << 2, /* ends COMMAND, which may run as another user */
	/* privileges_drop() finds out whether these two take a capability; no tool asks for them.
	 */
	PRIVILEGE_MAPS = 1 << 3,     /* reads maps, where bpf(2) takes CAP_BPF */
	PRIVILEGE_REALTIME = 1 << 4, /* raises its priority, where no resource limit allows it */
	PRIVILEGE_USERS = 1 << 5,    /* looks up names of users, which takes no capability */
	PRIVILEGE_BUFFERS = 1 << 6,  /* opens perf buffers on CPUs that come online */
};

enum {
	PRIVILEGES_INSPECTED = PRIVILEGE_TASKS | PRIVILEGE_CGROUPS,
};

/**
 * struct privileges - what a run has left
 * @capabilities: effective capabilities, see capabilities.h
 * @root:         it is still root, because it may not become another user
 * @filtered:     a seccomp filter is in place
 */
struct privileges {
	uint64_t capabilities;
	bool root;
	bool filtered;
};

/** privileges_available() - the capabilities that these uses take, as far as they are there. */
uint64_t privileges_available(unsigned uses);

/**
 * privileges_drop() - give up everything that these uses do not need, for good
 * @uses:    set of enum privilege_use
 * @filter:  what the process is from now on
 * @subject: see seccomp_filter_install()
 * @left:    filled
 * @err:     filled on failure
 *
 * Something that this process may not change about itself is no failure: in a user namespace
 * without other users it stays root. @left tells.
 *
 * Return: 0, or negative errno: something that could have been given up is still there.
 */
int privileges_drop(unsigned uses, enum seccomp_filter filter, int subject, struct privileges *left,
		    struct error *err);

/** privileges_lacking() - those of @uses for which @left lacks a capability. */
unsigned privileges_lacking(unsigned uses, const struct privileges *left);

/** privileges_names() - "CAP_SYS_PTRACE, CAP_KILL", cut at @size bytes. Return: @buf. */
const char *privileges_names(uint64_t capabilities, char *buf, size_t size);

/**
 * privileges_text() - describe what is left: "CAP_BPF, CAP_KILL; system calls filtered"
 * @left: what privileges_drop() has left
 * @buf:  where to write, @size bytes; a longer text is cut
 *
 * Return: @buf.
 */
const char *privileges_text(const struct privileges *left, char *buf, size_t size);

#endif
