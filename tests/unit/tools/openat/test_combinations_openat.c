/* SPDX-License-Identifier: MIT */
/* What bcc-openat's programs can be compiled with. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include "openat/records.h"
#include "rows.h"

enum own_flag {
	FEXIT_ = FLAG_OWN,
	KPROBE_ = FLAG_OWN << 1,
	COUNT_ENTERED_ = FLAG_OWN << 2,
	SYS_EXIT_ = FLAG_OWN << 3,
	RAW_SYSCALLS_ = FLAG_OWN << 4,
	TRACEPOINT_ = FLAG_OWN << 5,
	ENTRY_ONLY_ = FLAG_OWN << 6,
	ALL_CALLS_ = FLAG_OWN << 7,
	URING_ARG_ = FLAG_OWN << 8,
	URING_RES_ = FLAG_OWN << 9,
	URING_CQE_ = FLAG_OWN << 10,
	DISTINCT_ = FLAG_OWN << 11,
	GLOB_ = FLAG_OWN << 12,
	FULL_PATH_ = FLAG_OWN << 13,
	FILTER_FLAGS_ = FLAG_OWN << 14,
	ANY_URING = URING_ARG_ | URING_RES_ | URING_CQE_,
	URING_REQUESTS_ = URING_RES_ | URING_CQE_,
	EVERY_CHOICE = GLOB_ | FULL_PATH_ | FILTER_FLAGS_ | FAILED_ONLY_ | FILTER_ERRNO_,
	EVERY_OF_ROWS = EVERY_CHOICE | LATENCY_ | DISTINCT_ | TASK_COMM_,
	NEW_KERNEL = TASK_BTF_ | TASK_PT_REGS_,
};

enum {
	PATHS = 1 << BY_PATH | 1 << BY_DIR,
	PROCESS = 1 << BY_PROCESS,
	EVERY_WORD = ((1 << BY_WORDS) - 1) & ~(1 << BY_SYSCALL | 1 << BY_DIR),
};

static const char rows[] = "openat/count.bpf.c", stream[] = "openat/stream.bpf.c";

/* @returned, @entered: the functions; @targets: what they go on; a plain run looks at the first
 * only */
static const struct way {
	unsigned flags;
	enum hook_kind return_kind, entry_kind;
	const char *returned, *entered;
	const char *const *return_targets, *const *entry_targets;
} ways[] = {
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define FUNCTIONS                                                                                  \
	LIST("__x64_sys_openat", "__x64_sys_open", "__x64_sys_creat", "__x64_sys_openat2",         \
	     "__x64_sys_open_by_handle_at", "__ia32_compat_sys_openat",                            \
	     "__ia32_compat_sys_open_by_handle_at")
	{ FEXIT_, HOOK_FEXIT, HOOK_FENTRY, "fexit__open", "fentry__open", FUNCTIONS, FUNCTIONS },
	{ KPROBE_, HOOK_KRETPROBE, HOOK_KPROBE, "kretprobe__open", "kprobe__open", FUNCTIONS,
	  FUNCTIONS },
	{ KPROBE_ | COUNT_ENTERED_, HOOK_KRETPROBE, HOOK_KPROBE, "kretprobe__open", "kprobe__open",
	  FUNCTIONS, FUNCTIONS },
	{ SYS_EXIT_, HOOK_RAW_TRACEPOINT_BTF, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit",
	  "raw_tracepoint__sys_enter", LIST("sys_exit"), LIST("sys_enter") },
	{ RAW_SYSCALLS_, HOOK_TRACEPOINT, HOOK_TRACEPOINT, "tracepoint__sys_exit",
	  "tracepoint__sys_enter", LIST("raw_syscalls/sys_exit"), LIST("raw_syscalls/sys_enter") },
	{ TRACEPOINT_, HOOK_TRACEPOINT, HOOK_TRACEPOINT, "tracepoint__exit_open",
	  "tracepoint__enter_open", LIST("syscalls/sys_exit_openat", "syscalls/sys_exit_open"),
	  LIST("syscalls/sys_enter_openat", "syscalls/sys_enter_open") },
	{ FEXIT_ | COUNT_ENTERED_, HOOK_FEXIT, HOOK_FENTRY, "fexit__open", "fentry__open",
	  FUNCTIONS, FUNCTIONS },
};

enum {
	WAY_KPROBE = 1,
	WAY_SYS_EXIT = 3,
};

/* What the program has to know for that, as the tool has it. */
struct needs {
	bool path_id, path, args, call, time;
};

static struct needs needs_of(const struct job *job)
{
	bool is_stream = job->program == stream;
	struct needs n = {
		.path_id = (job->by.words & PATHS) || (job->flags & DISTINCT_),
		.time = is_stream || (job->flags & LATENCY_),
	};

	n.path = n.path_id || is_stream || (job->flags & GLOB_);
	n.args = n.path || (job->flags & FILTER_FLAGS_);
	n.call = n.args || by_has(&job->by, BY_CALL);
	return n;
}

/* ---- jobs ---- */

/* Room for the hooks of all jobs. */
static struct hook hooks[256][OBJECT_PROGRAMS_MAX];
static size_t njobs;

static void add_hooks(struct job *job, struct hook *to, enum hook_kind kind, const char *function,
		      const char *const *targets)
{
	for (size_t i = 0; targets[i] && (!i || (job->flags & ALL_CALLS_)); i++)
		to[job->nhooks++] = (struct hook){ kind, function, targets[i] };
}

static void add(const char *program, const struct way *way, unsigned flags, unsigned words,
		unsigned filters)
{
	struct job job = {
		.program = program, .flags = way->flags | flags, .filters = filters, .by = { words }
	};
	struct hook *to = hooks[njobs];

	assert_true(njobs++ < COUNT(hooks));
	job.hooks = to;
	if (!(flags & ENTRY_ONLY_))
		add_hooks(&job, to, way->return_kind, way->returned, way->return_targets);
	if ((flags & ENTRY_ONLY_) || needs_of(&job).time || (way->flags & COUNT_ENTERED_))
		add_hooks(&job, to, way->entry_kind, way->entered, way->entry_targets);
	if (flags & ANY_URING)
		to[job.nhooks++] =
			(struct hook){ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__uring_submit",
				       "io_uring_submit" };
	if (flags & URING_REQUESTS_)
		to[job.nhooks++] =
			(struct hook){ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__uring_complete",
				       "io_uring_complete" };
	add_job(job);
}

/* Each way, with as much as makes a difference to it: no registers, some of them, all. */
static void add_ways(void)
{
	for (size_t i = 0; i < COUNT(ways); i++) {
		unsigned compat = i % 2 ? COMPAT_ : 0, native = compat ^ COMPAT_;

		add(rows, &ways[i], 0, PROCESS, 0);
		add(rows, &ways[i], COMPAT_, PROCESS, 0);
		add(rows, &ways[i], compat, 1 << BY_CALL, 0);
		add(rows, &ways[i], native | NEW_KERNEL | FILTER_FLAGS_, PROCESS, 0);
		add(stream, &ways[i], compat | NEW_KERNEL, 0, 0);
		add(stream, &ways[i], native, 0, 0);
	}
}

static void add_entries(void)
{
	for (size_t i = 0; i < COUNT(ways); i++) {
		if (ways[i].flags & COUNT_ENTERED_)
			continue;
		add(rows, &ways[i], ENTRY_ONLY_, PROCESS, i % 2 ? FOLLOWED : 0);
		add(rows, &ways[i], ENTRY_ONLY_ | COMPAT_ | (i % 2 ? NEW_KERNEL : 0), 1 << BY_CALL,
		    0);
	}
}

/* Everything together in each way, on a kernel of each time. */
static void add_everything(void)
{
	static const unsigned shapes[] = { URING_ARG_, URING_RES_ | NEW_KERNEL,
					   URING_CQE_ | NEW_KERNEL };
	static const unsigned filters[] = { 0, FOLLOWED, ALL_FILTERS };

	for (size_t i = 0; i < COUNT(ways) * COUNT(shapes); i++) {
		const struct way *way = &ways[i / COUNT(shapes)];
		unsigned flags = ALL_CALLS_ | shapes[i % COUNT(shapes)],
			 way_filters = filters[i * 2 % 5 % 3];

		add(rows, way, EVERY_OF_ROWS | flags | (i % 2 ? COMPAT_ : 0), EVERY_WORD,
		    way_filters);
		add(stream, way, EVERY_CHOICE | flags | (i % 2 ? 0 : COMPAT_), 0, way_filters);
	}
}

static void add_uring(void)
{
	static const struct {
		unsigned flags, words;
	} each[] = {
		{ 0, PROCESS },	     { 0, 1 << BY_CALL }, { 0, 1 << BY_PATH },	{ FULL_PATH_, 1 << BY_PATH },
		{ LATENCY_, PROCESS }, { GLOB_, PROCESS },  { FILTER_ERRNO_, 0 }, { FULL_PATH_, 0 },
	}, requests[] = {
		{ FAILED_ONLY_, PROCESS }, { FILTER_ERRNO_, PROCESS }, { FILTER_FLAGS_, PROCESS }, { DISTINCT_, PROCESS },
	};
	const struct way *way = &ways[WAY_KPROBE];

	for (size_t i = 0; i < COUNT(each); i++) {
		const char *program = each[i].words ? rows : stream;
		unsigned newest = i % 2 ? URING_RES_ : URING_CQE_;

		add(program, way, ALL_CALLS_ | each[i].flags | newest | NEW_KERNEL, each[i].words,
		    0);
		/* 5.15 knows more than 5.10. */
		add(program, way,
		    ALL_CALLS_ | each[i].flags | URING_ARG_ | (i % 2 ? NEW_KERNEL : 0),
		    each[i].words, 0);
	}
	for (size_t i = 0; i < COUNT(requests); i++)
		add(rows, way, ALL_CALLS_ | URING_RES_ | NEW_KERNEL | requests[i].flags,
		    requests[i].words, 0);
	/* A kernel without io_uring. */
	add(rows, way, ALL_CALLS_, PROCESS, 0);
}

/* Each choice alone, and those that share something; each key. */
static void add_choices(void)
{
	static const struct {
		unsigned flags, words;
	} each[] = {
		{ LATENCY_, PROCESS },
		{ DISTINCT_, PROCESS },
		{ GLOB_, PROCESS },
		{ FAILED_ONLY_, PROCESS },
		{ FILTER_ERRNO_, PROCESS },
		{ LATENCY_ | DISTINCT_, PROCESS },
		{ FAILED_ONLY_ | FILTER_ERRNO_, PROCESS },
		{ GLOB_ | FILTER_FLAGS_, PROCESS },
		{ GLOB_ | DISTINCT_, PROCESS },
		{ FULL_PATH_, 1 << BY_PATH },
		{ FULL_PATH_ | GLOB_, 1 << BY_DIR },
		{ DISTINCT_, 1 << BY_PATH },
		{ LATENCY_, 1 << BY_PATH },
		{ 0, 1 << BY_PATH },
		{ 0, 1 << BY_DIR },
		{ TASK_COMM_, PROCESS },
		{ TASK_COMM_, 1 << BY_THREAD },
		{ 0, 1 << BY_COMM },
		{ 0, 1 << BY_USER },
		{ 0, 1 << BY_CGROUP },
		{ 0, 1 << BY_ERRNO },
		{ 0, PROCESS | 1 << BY_PATH | 1 << BY_ERRNO },
		{ GLOB_, 0 },
		{ FULL_PATH_, 0 },
		{ FILTER_FLAGS_, 0 },
		{ FAILED_ONLY_, 0 },
		{ FILTER_ERRNO_, 0 },
	};

	for (size_t i = 0; i < COUNT(each); i++)
		add(each[i].words ? rows : stream, &ways[i % 2 ? WAY_KPROBE : WAY_SYS_EXIT],
		    each[i].flags, each[i].words, 0);
}

/* Other ways to every id, and births seen through the classic tracepoint. */
static void add_filters(void)
{
	for (size_t i = 1; i < COUNT(filter_sets); i++)
		add(rows, &ways[i % COUNT(ways)], i % 2 ? COMPAT_ | TASK_BTF_ : 0, PROCESS,
		    filter_sets[i]);
	add(rows, &ways[WAY_KPROBE], PIDNS_ | COMPAT_, PROCESS, PIDS | TIDS);
	add(rows, &ways[WAY_SYS_EXIT], PIDNS_, PROCESS, ALL_FILTERS);
	add(stream, &ways[WAY_KPROBE], PIDNS_, 0, PPIDS);
	add(rows, &ways[WAY_KPROBE], BIRTH_TRACEPOINT_, PROCESS, FOLLOWED);
	add(stream, &ways[WAY_SYS_EXIT], BIRTH_TRACEPOINT_ | COMPAT_ | TASK_BTF_, 0, ALL_FILTERS);
}

static void add_all(void)
{
	add_ways();
	add_entries();
	add_everything();
	add_uring();
	add_choices();
	add_filters();
}

/* ---- what they are compiled with ---- */

static void define_calls(struct source *s, const struct job *job)
{
	static const struct flag_define all[] = {
		{ ALL_CALLS_, "OPEN_ALL", "1" },
		{ ALL_CALLS_, "OPENAT_SLOTS", "case 257: case 1319: case 2305:" },
		{ ALL_CALLS_, "OPENAT2_SLOTS", "case 437: case 1461: case 2485:" },
		{ ALL_CALLS_, "CREAT_SLOTS", "case 85: case 1032: case 2133:" },
		{ ALL_CALLS_, "OPEN_BY_HANDLE_SLOTS", "case 304: case 1366: case 2352:" },
	};
	bool is_all = job->flags & ALL_CALLS_;

	source_define(s, "OPEN_CASES",
		      is_all ? "case 257: case 2: case 85: case 437: case 304:" : "case 257:");
	source_define(s, "OPEN_CASES_COMPAT",
		      is_all ? "case 295: case 5: case 8: case 437: case 342:" : "case 295:");
	source_define(
		s, "OPEN_CASES_ANY",
		is_all ? "case 257: case 295: case 2: case 5: case 85: case 8: case 437: case 304: "
			 "case 342:"
		       : "case 257: case 295:");
	define_flags(s, job, all, COUNT(all));
}

static void define_uring(struct source *s, const struct job *job)
{
	static const struct layout_member members[] = {
		{ "io_kiocb", "opcode", "u8", NULL, 0 },
		{ "io_kiocb", "flags", "u64", NULL, 0 },
		{ "io_open", "dfd", "u32", NULL, 0 },
		{ "io_open", "flags", "u64", NULL, 0 },
		{ "io_open", "mode", "u64", NULL, 0 },
		{ "io_open", "filename", "struct filename *", NULL, 0 },
		{ "filename", "name", "const char *", NULL, 0 },
	};
	static const struct flag_define uring[] = {
		{ ANY_URING, "OPEN_URING", "1" },
		{ URING_REQUESTS_, "URING_REQUESTS", "1" },
		{ URING_REQUESTS_, "URING_SUBMIT_REQ", "0" },
		{ URING_REQUESTS_, "URING_COMPLETE_REQ", "1" },
		{ URING_RES_, "URING_COMPLETE_RES", "3" },
		{ URING_CQE_, "URING_COMPLETE_CQE", "2" },
		{ URING_CQE_, "URING_FAILED_SILENT", "(1ull << 30)" },
	};

	define_flags(s, job, uring, COUNT(uring));
	if (job->flags & URING_ARG_)
		source_define(s, "URING_OPCODE_ARG", "%d", job->flags & TASK_BTF_ ? 2 : 1);
	if (job->flags & URING_REQUESTS_)
		define_members(s, members, COUNT(members));
}

/* Where the registers are, and what the verifier knows of them. */
static void define_registers(struct source *s, const struct job *job)
{
	static const struct layout_member arguments[] = {
		{ "syscall_regs", "arg1", "u64", NULL, 0 },
		{ "syscall_regs", "arg2", "u64", NULL, 0 },
		{ "syscall_regs", "arg3", "u64", NULL, 0 },
		{ "syscall_regs", "arg4", "u64", NULL, 0 },
		{ "syscall_regs", "compat1", "u32", NULL, 0 },
		{ "syscall_regs", "compat2", "u32", NULL, 0 },
		{ "syscall_regs", "compat3", "u32", NULL, 0 },
		{ "syscall_regs", "compat4", "u32", NULL, 0 },
		{ "syscall_regs", "number", "s32", NULL, 120 },
		{ "task_struct", "stack", "u64", NULL, 32 },
	};
	bool is_fexit = job->flags & FEXIT_, is_all = job->flags & ALL_CALLS_,
	     is_given = is_fexit && !is_all;

	if (is_fexit && is_all)
		source_define(s, "REGS_OF_TASK", "1");
	if (is_given || (job->flags & SYS_EXIT_) || (job->flags & NEW_KERNEL) == NEW_KERNEL)
		source_define(s, "REGS_TYPED", "1");
	source_define(s, "STACK_REGS", "%d", 16384 - 168);
	define_members(s, arguments, COUNT(arguments));
}

static void define_hooks(struct source *s, const struct job *job)
{
	static const struct flag_define hook_defines[] = {
		{ FEXIT_, "HOOK_FEXIT", "1" },
		{ KPROBE_, "HOOK_KPROBE", "1" },
		{ COUNT_ENTERED_, "COUNT_ENTERED", "1" },
		{ SYS_EXIT_, "HOOK_SYS_EXIT", "1" },
		{ RAW_SYSCALLS_, "HOOK_RAW_SYSCALLS", "1" },
		{ TRACEPOINT_, "HOOK_TRACEPOINT", "1" },
		{ ENTRY_ONLY_, "ENTRY_ONLY", "1" },
		{ COMPAT_, "COMPAT", "1" },
		{ FILTER_FLAGS_, "FILTER_FLAGS(f)", "((((f) & 64) == 64) && (((f) & 3) != 0))" },
	};

	static const struct layout_member records[] = {
		{ "sys_enter", "id", "u32", NULL, 8 },
		{ "sys_exit", "id", "s32", NULL, 8 },
		{ "sys_exit", "ret", "s64", NULL, 16 },
		{ "open_record", "syscall_nr", "u32", NULL, 8 },
		{ "open_record", "ret", "s64", NULL, 16 },
		{ "task_struct", "status", "u32", NULL, 16 },
	};

	define_flags(s, job, hook_defines, COUNT(hook_defines));
	define_members(s, records, COUNT(records));
	define_registers(s, job);
}

static void define_paths(struct source *s, const struct job *job, const struct needs *needs)
{
	static const struct layout_member places[] = {
		{ "path", "mnt", "struct vfsmount *", NULL, 0 },
		{ "path", "dentry", "struct dentry *", NULL, 0 },
		{ "vfsmount", "mnt_root", "struct dentry *", NULL, 0 },
		{ "task_struct", "fs", "struct fs_struct *", NULL, 0 },
		{ "task_struct", "files", "struct files_struct *", NULL, 0 },
		{ "fs_struct", "root", "struct path", NULL, 0 },
		{ "fs_struct", "pwd", "struct path", NULL, 0 },
		{ "files_struct", "fdt", "struct fdtable *", NULL, 0 },
		{ "fdtable", "max_fds", "u32", NULL, 0 },
		{ "fdtable", "fd", "struct file **", NULL, 0 },
		{ "file", "f_path", "struct path", NULL, 0 },
		{ "dentry", "d_parent", "struct dentry *", NULL, 0 },
		{ "dentry", "name", "const char *", NULL, 0 },
		{ "mount", "mnt", "struct vfsmount", NULL, 0 },
		{ "mount", "mnt_parent", "struct mount *", NULL, 0 },
		{ "mount", "mnt_mountpoint", "struct dentry *", NULL, 0 },
	};

	if (needs->path)
		source_define(s, "NEED_PATH", "1");
	if (job->flags & GLOB_)
		source_define(s, "PATH_GLOB", "1");
	if (needs->path_id) {
		source_define(s, "PATH_ID", "1");
		source_define(s, "SIP_KEY0", "PARAMETER(%d)",
			      source_parameter(s, 0x0123456789abcdef));
		source_define(s, "SIP_KEY1", "PARAMETER(%d)",
			      source_parameter(s, 0xfedcba9876543210));
	}
	if (job->flags & FULL_PATH_) {
		source_define(s, "FULL_PATH", "1");
		define_members(s, places, COUNT(places));
	}
}

static void define_openat(struct source *s, const struct job *job)
{
	struct needs needs = needs_of(job);

	define_calls(s, job);
	define_hooks(s, job);
	define_uring(s, job);
	define_paths(s, job, &needs);
	if (needs.time) {
		source_define(s, "NEED_TIME", "1");
		source_define(s, "BEGUN_MAX", "%d", 16384);
	}
	if (needs.call)
		source_define(s, "NEED_CALL", "1");
	if (needs.args)
		source_define(s, "NEED_ARGS", "1");
	if (job->program == stream)
		return;
	define_rows(s, job);
	source_define(s, "TEXTS_SHORT_MAX", "%d", 32768);
	source_define(s, "TEXTS_LONG_MAX", "%d", 1024);
	if (job->flags & DISTINCT_)
		source_define(s, "DISTINCT", "1");
}

/* ---- what they have become ---- */

static int check_parts(const struct job *job, const struct object *o)
{
	struct needs needs = needs_of(job);
	bool by_path = job->by.words & PATHS, requests = job->flags & URING_REQUESTS_;
	int bad = check_map(job, o, "begun", needs.time);

	bad = bad ?: check_map(job, o, "open_buffers", needs.path);
	bad = bad ?: check_map(job, o, "path_bytes", job->flags & GLOB_);
	bad = bad ?: check_map(job, o, "texts_short", by_path);
	bad = bad ?: check_map(job, o, "texts_long", by_path);
	bad = bad ?: check_map(job, o, "requests", requests);
	bad = bad ?: check_map(job, o, "silent", requests);
	return bad ?: check_map(job, o, "uring_texts", requests && needs.path);
}

static int check_tables(const struct job *job, const struct object *o)
{
	size_t row = job->flags & LATENCY_ ? sizeof(struct row_times) : sizeof(struct row_count);
	int bad = check_parts(job, o);

	if (bad)
		return bad;
	if (job->program == stream)
		return check_map(job, o, "events", true);
	bad = check_map(job, o, "blank", job->flags & (LATENCY_ | DISTINCT_));
	return bad ?: check_rows(job, o, row + (job->flags & DISTINCT_ ? OPEN_DISTINCT : 0));
}

static const char *const programs[] = { rows, stream, NULL };
static const char *const never[] = { "FOLLOW_OWN_BIRTH", NULL };

const struct suite suite = {
	.programs = programs,
	.never = never,
	.add = add_all,
	.define = define_openat,
	.check_maps = check_tables,
};
