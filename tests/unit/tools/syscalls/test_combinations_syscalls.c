/* SPDX-License-Identifier: MIT */
/* The programs that bcc-syscalls can need. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include "syscall_names.h"
#include "syscalls_plan.h"

#define EVERY_KEY "--by syscall,process,thread,comm,user,cgroup,errno"

/* Each option alone, those that share something, each key with and without times, everything. */
static const char *const lines[] = {
	"",
	"-e openat",
	"-x",
	"--errno ENOENT",
	"-x --errno ENOENT -e %file",
	"-e %file -x",
	"-L",
	"-L -e !openat",
	"-L -x",
	"-L -x --errno ENOENT,13 -e openat",
	"--by process",
	"--by thread",
	"--by comm",
	"--by user",
	"--by cgroup",
	"--by errno",
	"--by process,syscall",
	"--by syscall,errno -x",
	EVERY_KEY,
	"-L --by process",
	"-L --by thread",
	"-L --by comm",
	"-L --by user",
	"-L --by cgroup",
	"-L --by errno",
	"-L --by process,syscall",
	"-L --by syscall,errno",
	"-L " EVERY_KEY,
	"-e openat --by process",
	"-x --by process",
	"-L -e openat --by process",
	"-L -x --by process",
	"-L --errno 2 --by process",
	"--stream",
	"--stream -e openat,connect",
	"--stream -x",
	"--stream --errno ENOENT",
	"--stream -x --errno 2,13 -e %file",
	"--stream -e getpid",
	"--stream -e read",
	"--stream -e connect --string-limit 0",
	"--stream -e execve",
	"--stream --string-limit 2048",
	"--stream -o json",
	"-L -x --errno 2,13 -e %file " EVERY_KEY,
};

/* Which of the parts of memory that only lines for people have are among the calls. */
static bool has_parts(const struct syscalls_options *options, const char *calls)
{
	uint32_t slots[SYSCALL_NAMED_MAX];
	size_t count = syscall_slots(calls, slots);
	bool has = false;

	for (size_t i = 0; i < count; i++)
		has |= syscalls_are_selected(options, slots[i]);
	return has && options->tracing.stream && options->in_words;
}

static int check(const struct job *job, const struct object *object)
{
	const struct syscalls_options *options = job->tool_options;
	bool is_stream = options->tracing.stream, is_timed = options->tracing.latency;
	bool has_rows = !is_stream && !syscalls_counters_suffice(options);
	bool is_given = has_parts(options, "connect,rt_sigprocmask,setxattr");
	bool is_exec =
		has_parts(options, "execve") && !(job->kernel.lacks & BPF_LOOPS) &&
		(job->kernel.btf || job->made_up->finds_members);
	struct group_by by = syscalls_by(options);
	const struct expected_map maps[] = {
		{ "counts", !is_stream && !has_rows },
		{ "table", has_rows },
		{ "tables", has_rows },
		{ "blank", is_timed },
		{ "events", is_stream },
		{ "parts", is_stream },
		{ "givens", is_given },
		{ "no_given", is_given },
		{ "exec_strings", is_exec },
		{ "strings_buffers", is_exec },
		{ "buffers", is_stream },
		{ "exec_paths", is_stream },
		{ "exec_buffers", is_stream },
		{ "started", is_stream || is_timed },
		{ "selected", options->set.any },
	};
	int bad = check_maps(job, object, maps, COUNT(maps));

	if (bad || !has_rows)
		return bad;
	return check_rows(job, object, &by,
			  is_timed ? sizeof(struct row_times) : sizeof(struct row_count));
}

const struct suite suite = {
	.tool = { .options = &syscalls_options,
		  .probe_sets = syscalls_probe_sets,
		  .nprobe_sets = SYSCALLS_PROBE_SETS },
	.folder = "syscalls/",
	.lines = lines,
	.nlines = COUNT(lines),
	.other_words = (const char *const[]){ "BY_PATH", "DISTINCT", NULL },
	.check_maps = check,
};
