/* SPDX-License-Identifier: MIT */
/* What bcc-fork calls things: types of events, clone flags, signals. */
#ifndef FORK_NAMES_H
#define FORK_NAMES_H

#include "fork/records.h"
#include "report.h"

enum {
	FORK_SIGNAL_NAME_MAX = 24,
	FORK_FLAGS_MAX = 65, /* one name for each bit, one for those without */
};

/** fork_type_name() - "fork", "thread", "exec", "exit". */
const char *fork_type_name(enum fork_type type);

/**
 * fork_signal_name() - name of a signal: "SIGKILL", "SIGRTMIN+3"
 * @buf: FORK_SIGNAL_NAME_MAX bytes
 * Return: @buf.
 */
const char *fork_signal_name(int signo, char *buf);

/**
 * struct fork_flags - clone flags by name
 * @names:  texts; those without a name are the last, as one number in hexadecimal
 * @others: that number; @names refers to it, so the struct must stay where it was filled
 */
struct fork_flags {
	size_t count;
	struct cell names[FORK_FLAGS_MAX];
	char others[24];
};

/** fork_flags_name() - @notable: only those that change what the child is, worth a word in a line
 * for people */
void fork_flags_name(struct fork_flags *out, uint64_t flags, bool notable);

#endif
