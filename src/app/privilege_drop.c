/* SPDX-License-Identifier: MIT */
/* Giving up what the rest of a run does not need, and saying what the report lacks for it. */
#define _GNU_SOURCE
#include <bpf/libbpf.h>
#include <stdio.h>
#include <time.h>

#include "host_id.h"
#include "inspector.h"
#include "own_tasks.h"
#include "privileges.h"
#include "procfs.h"
#include "session.h"

/* A command's processes are this user's own. */
static void say_lacking(const struct session *s, const struct privileges *left)
{
	unsigned lacking = privileges_lacking(s->privileges_needed, left);

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

/* What is left in this process and in its helpers. */
static void say_left(const struct session *s, const struct privileges *left, uint64_t asked)
{
	char text[256];

	session_say(s, "keeps %s", privileges_text(left, text, sizeof(text)));
	if (asked)
		session_say(s, "asks a helper process with %s",
			    privileges_names(asked, text, sizeof(text)));
}

int session_start_helpers(struct session *s, bool counts_entries, struct error *err)
{
	const struct tool *tool = s->tool;
	unsigned needed = 0;
	int r;

	if (tool->privileges)
		needed = tool->privileges(s->tool_options, &s->options.filter, counts_entries);
	/* Every CPU that is possible may go and come. */
	if (s->options.report.layout.streaming && libbpf_num_possible_cpus() > 1)
		needed |= PRIVILEGE_BUFFERS;
	if (needed == s->privileges_needed)
		return 0;
	inspector_stop();
	procfs_keep(needed & PRIVILEGE_TASKS);
	r = inspector_start(needed, s->kernel.btf, err);
	s->privileges_needed = r < 0 ? 0 : needed;
	return r;
}

int session_own_tasks(const struct session *s, uint32_t *ids, struct error *err)
{
	int count = 1, r = host_id(&ids[0]);

	_Static_assert((int)OWN_TASKS_MAX >= (SUBVIEW_DEPTH_MAX + 1) * (INSPECTOR_HELPERS + 2),
		       "room for all of them");
	if (r < 0)
		return error_set(err, r, "asking for the id of this process: %s", error_words(r));
	count += (int)inspector_host_ids(ids + count);
	if (s->subviews.host_id)
		ids[count++] = s->subviews.host_id;
	for (uint32_t i = 0; s->guest && i < s->guest->request->nown && count < OWN_TASKS_MAX; i++)
		ids[count++] = s->guest->request->own[i];
	return count;
}

int session_drop_privileges(const struct session *s, struct error *err)
{
	uint64_t asked;
	struct privileges left;
	int r;

	/* The C library keeps the time zone. TZ may name a file that only this user reads. */
	tzset();
	procfs_keep(false);
	r = privileges_drop(s->options.command ? PRIVILEGE_COMMAND : 0, SECCOMP_FILTER_TOOL,
			    s->command.pid, &left, err);
	if (r == 0)
		r = inspector_wait(err);
	if (r < 0)
		return r;
	asked = inspector_capabilities();
	say_left(s, &left, asked);
	left.capabilities |= asked;
	say_lacking(s, &left);
	return 0;
}
