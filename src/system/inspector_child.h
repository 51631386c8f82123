/* SPDX-License-Identifier: MIT */
/* The inside of the helper processes. For inspector.c only. */
#ifndef INSPECTOR_CHILD_H
#define INSPECTOR_CHILD_H

#include <sys/types.h>

#include "inspector.h"

/* The last member is as long as the question needs: a message with a text has PATH_MAX bytes. */
struct inspector_answer {
	int32_t result;
	uint32_t unused;
	uint64_t value;
	char text[PATH_MAX];
};

enum {
	INSPECTOR_SHORT = offsetof(struct inspector_answer, text), /* an answer without a text */
};

/** inspector_has_text() - is this question answered with a text? */
static inline bool inspector_has_text(uint32_t question)
{
	return question == INSPECTOR_CGROUP_PATH || question == INSPECTOR_USER;
}

/**
 * inspector_child_run() - give up what @uses do not need, and answer until the tool ends
 * @uses:    PRIVILEGES_INSPECTED as needed, or PRIVILEGE_USERS, or PRIVILEGE_BUFFERS
 * @channel: socket to the tool
 * @parent:  the tool
 */
_Noreturn void inspector_child_run(unsigned uses, int channel, pid_t parent);

#endif
