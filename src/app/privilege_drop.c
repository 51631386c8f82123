/* SPDX-License-Identifier: MIT */
/* Giving up what the rest of a run does not need, and saying what the report lacks for it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>

#include "privileges.h"
#include "procfs.h"
#include "session.h"

/* A command's processes are this user's own. */
static void say_lacking(const struct session *s, const struct privileges *left)
{
	unsigned lacking = privileges_lacking(s->collector->privileges_needed, left);

	if (s->options.quiet)
		return;
	if ((lacking & PRIVILEGE_TASKS) && !s->options.command)
		fprintf(stderr,
			"%s: calls that other users' processes still wait in at the end are not "
			"counted: it takes CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH\n",
			s->tool->name);
	if (lacking & PRIVILEGE_CGROUPS)
		fprintf(stderr, "%s: cgroups go by their ids: names take root\n", s->tool->name);
}

int session_drop_privileges(const struct session *s, struct error *err)
{
	unsigned needed = s->collector->privileges_needed;
	struct privileges left;
	char text[256];
	int r;

	procfs_keep();
	/* The C library keeps the time zone. TZ may name a file that only this user reads. */
	tzset();
	if (s->options.command)
		needed |= PRIVILEGE_COMMAND;
	r = privileges_drop(needed, s->command.pid, &left, err);
	if (r < 0)
		return r;
	session_say(s, "keeps %s", privileges_text(&left, text, sizeof(text)));
	say_lacking(s, &left);
	return 0;
}
