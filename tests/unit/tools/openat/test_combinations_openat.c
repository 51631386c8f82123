/* SPDX-License-Identifier: MIT */
/* The programs that bcc-openat can need. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include "openat/records.h"
#include "openat_plan.h"
#include "probe_sets.h"

/* Each option alone, those that share something, each key, and everything. */
static const char *const lines[] = {
	"",
	"-a",
	"-L",
	"--distinct",
	"--path /etc/*",
	"-x",
	"--errno ENOENT,EACCES",
	"-w",
	"--flags O_CREAT",
	"-w --flags O_CREAT,O_TRUNC",
	"-x --errno ENOENT",
	"-L --distinct",
	"--path *.so --flags O_CREAT",
	"--path *.so --distinct",
	"--no-results",
	"--no-results --by call",
	"--no-results --by process,comm",
	"--by thread",
	"--by comm",
	"--by user",
	"--by cgroup",
	"--by errno",
	"--by call",
	"--by path",
	"--by dir",
	"--by path -F",
	"--by dir -F --path /*",
	"--by path --distinct",
	"--by path -L",
	"--by process,path,errno",
	"-a --by call",
	"-a --by path -F",
	"-a -L",
	"-a -x",
	"-a -w",
	"-a --path /*",
	"-a --distinct --errno 2",
	"--stream",
	"--stream -F",
	"--stream -w",
	"--stream -x",
	"--stream --errno 13",
	"--stream --path /*",
	"-a --stream",
	"-a --stream -F --path [!/]* -w --flags O_CREAT -x --errno 2",
	"-a -L --distinct -F --path [!/]* -w --flags O_CREAT -x --errno 2 "
	"--by process,thread,comm,user,cgroup,errno,call,path",
};

/* Does this kernel tell which request of io_uring a completion belongs to? */
static bool has_requests(const struct job *job)
{
	const struct openat_options *options = job->tool_options;
	const struct made_up_kernel *kernel = job->made_up;

	return options->all && !kernel->lacks_btf && !kernel->lacks_uring &&
	       kernel->version >= KERNEL_VERSION_OF(5, 19);
}

static int check(const struct job *job, const struct object *object)
{
	const struct openat_options *options = job->tool_options;
	struct openat_needs needs = openat_needs(options);
	struct group_by by = openat_by(options);
	bool is_stream = options->tracing.stream, is_timed = options->tracing.latency;
	const struct expected_map maps[] = {
		{ "events", is_stream },
		{ "table", !is_stream },
		{ "tables", !is_stream },
		{ "blank", !is_stream && (is_timed || options->distinct) },
		{ "begun", is_stream || is_timed },
		{ "open_buffers", needs.path },
		{ "given", needs.given },
		{ "path_bytes", options->path },
		{ "texts_short", !is_stream && openat_by_path(&by) },
		{ "texts_long", !is_stream && openat_by_path(&by) },
		{ "requests", has_requests(job) },
		{ "silent", has_requests(job) },
		{ "uring_texts", has_requests(job) && needs.path },
		{ "uring_from", has_requests(job) && (options->full_path || options->path) },
	};
	size_t row = is_timed ? sizeof(struct row_times) : sizeof(struct row_count);
	int bad = check_maps(job, object, maps, COUNT(maps));

	if (bad || is_stream)
		return bad;
	return check_rows(job, object, &by, row + (options->distinct ? OPEN_DISTINCT : 0));
}

const struct suite suite = {
	.tool = { .options = &openat_options,
		  .probe_sets = openat_probe_sets,
		  .nprobe_sets = OPENAT_PROBE_SETS,
		  .allows_probe_set = openat_allows_probe_set },
	.folder = "openat/",
	.lines = lines,
	.nlines = COUNT(lines),
	.other_words = (const char *const[]){ NULL },
	.check_maps = check,
};
