/* SPDX-License-Identifier: MIT */
/* The programs that bcc-fork can need. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include "fork_plan.h"

/* Each type of event alone and with each other, what adds to an event, and everything. */
static const char *const lines[] = {
	"",
	"-E fork",
	"-E thread",
	"-E exec",
	"-E exit",
	"-E fork,thread",
	"-E fork,exec",
	"-E fork,exit",
	"-E thread,exec",
	"-E thread,exit",
	"-E exec,exit",
	"-E fork,thread,exec",
	"-E fork,thread,exit",
	"-E fork,exec,exit",
	"-E thread,exec,exit",
	"-x",
	"--rusage",
	"--rusage -E exit",
	"--rusage -E fork,exit",
	"-x -E exec",
	"-x -E fork",
	"-x -E exit",
	"-x --rusage -E exec,exit",
	"--lineage -E exec",
	"--tree -E thread",
	"--tree -x -E exit",
	"--lineage --rusage -E fork,exit",
	"--max-args 24000",
	"-x --max-args 24000",
	"--max-args 1",
	"--summary",
	"--summary -E fork",
	"--summary -x",
	"-x --rusage",
	"-x --rusage --tree --lineage --max-args 24000",
};

static int check(const struct job *job, const struct object *object)
{
	const struct fork_options *options = job->tool_options;
	/* The newer kernels' tracepoint says which thread of a process is the last. */
	bool is_told = job->made_up->version >= KERNEL_VERSION_OF(6, 16);
	const struct expected_map maps[] = {
		{ "events", true },
		{ "old_names", fork_sends(options, FORK_EXEC) },
		{ "exec_buffers", fork_sends(options, FORK_EXEC) },
		{ "ended", fork_sends(options, FORK_EXIT) && !is_told },
	};

	return check_maps(job, object, maps, COUNT(maps));
}

const struct suite suite = {
	.tool = { .options = &fork_options,
		  .probe_sets = fork_probe_sets,
		  .nprobe_sets = FORK_PROBE_SETS },
	.folder = "fork/",
	.lines = lines,
	.nlines = COUNT(lines),
	.other_words = (const char *const[]){ NULL },
	.check_maps = check,
};
