/* SPDX-License-Identifier: MIT */
/* The program and hooks that a run of bcc-openat takes. See plan.h of this folder. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "cleanup.h"
#include "kernel_defines.h"
#include "openat/records.h"
#include "openat_plan.h"
#include "permission.h"
#include "syscall_names.h"

enum {
	PROCESSES_PER_CPU = 16384, /* that it can run in a second, and more */
	TEXTS_SHORT = 32768,       /* paths; most are short */
	TEXTS_SHORT_PER_CPU = 512,
	TEXTS_LONG = 1024,
	BEGUN_MOST = 65536, /* opens that last, at one moment: not more than there can be threads */
};

/* The first is what a plain run counts. */
static const char *const calls[] = { "openat", "open", "creat", "openat2", "open_by_handle_at" };

size_t openat_calls(const struct openat_options *options, const char *const **names)
{
	*names = calls;
	return options->all ? array_size(calls) : 1;
}

bool openat_counts_slot(const struct openat_options *options, uint32_t slot)
{
	const char *const *names;
	size_t count = openat_calls(options, &names);

	for (size_t i = 0; i < count; i++)
		if (syscall_number((enum syscall_abi)(slot / ABI_CALLS), names[i]) ==
		    (int)(slot % ABI_CALLS))
			return true;
	return false;
}

struct openat_needs openat_needs(const struct openat_options *options)
{
	struct group_by by = openat_by(options);
	struct openat_needs n = {
		.path_id = openat_by_path(&by) || options->distinct,
		.time = options->tracing.latency || options->tracing.stream,
	};

	n.path = n.path_id || options->path || options->tracing.stream;
	n.args = n.path || options->write || options->flags.count;
	/* The flags of openat2 are in memory, as paths are. */
	n.given = n.path || (n.args && options->all);
	n.entry = n.time || n.given;
	n.call = n.args || group_by_has(&by, BY_CALL);
	return n;
}

static void add_case(char *cases, size_t size, int number)
{
	size_t len = strlen(cases);
	char one[24];

	snprintf(one, sizeof(one), "case %d: ", number);
	if (number >= 0 && !strstr(cases, one))
		snprintf(cases + len, size - len, "%s", one);
}

static void define_calls(const struct openat_options *options, struct program_text *source)
{
	char native[160] = "", compat[160] = "", any[320] = "";
	const char *const *names;
	size_t count = openat_calls(options, &names);

	for (size_t i = 0; i < count; i++) {
		add_case(native, sizeof(native), syscall_number(ABI_NATIVE, calls[i]));
		add_case(compat, sizeof(compat), syscall_number(ABI_COMPAT, calls[i]));
		add_case(any, sizeof(any), syscall_number(ABI_NATIVE, calls[i]));
		add_case(any, sizeof(any), syscall_number(ABI_COMPAT, calls[i]));
	}
	program_text_define(source, "OPEN_CASES", "%s", native);
	program_text_define(source, "OPEN_CASES_COMPAT", "%s", compat);
	program_text_define(source, "OPEN_CASES_ANY", "%s", any);
	if (!options->all)
		return;
	program_text_define(source, "OPEN_ALL", "1");
	kernel_define_slots(source, "OPENAT_SLOTS", "openat");
	kernel_define_slots(source, "OPENAT2_SLOTS", "openat2");
	kernel_define_slots(source, "CREAT_SLOTS", "creat");
	kernel_define_slots(source, "OPEN_BY_HANDLE_SLOTS", "open_by_handle_at");
}

static void define_results(const struct openat_options *options, struct program_text *source)
{
	static const char writing[] = "(((f) & 3) != 0)"; /* O_ACCMODE */
	char wanted[OPEN_FLAGS_EXPRESSION_MAX];

	if (options->tracing.failed)
		program_text_define(source, "FAILED_ONLY", "1");
	kernel_define_errnos(source, &options->tracing.errnos);
	open_flags_expression(&options->flags, wanted, sizeof(wanted));
	if (options->flags.count && options->write)
		program_text_define(source, "FILTER_FLAGS(f)", "(%s && %s)", wanted, writing);
	else if (options->flags.count || options->write)
		program_text_define(source, "FILTER_FLAGS(f)", "%s",
				    options->write ? writing : wanted);
}

/* A row is of one CPU. To make a table takes as long as it is large, at each start. */
static uint32_t rows_max(const struct openat_options *options)
{
	uint32_t most = group_by_rows_max(options->tracing.latency || options->distinct);
	uint64_t rows = kernel_map_capacity(0, PROCESSES_PER_CPU);

	return openat_by(options).words != 1u << BY_PROCESS || rows > most ? most : (uint32_t)rows;
}

static void define_rows(const struct plan_input *in, struct plan *plan)
{
	struct program_text *source = plan->source;
	const struct openat_options *options = in->options;
	struct group_by by = openat_by(options);

	kernel_define_table(in->kernel, source, "TABLE", rows_max(options), UINT32_MAX);
	program_text_define(source, "TEXTS_SHORT_MAX", "%u",
			    kernel_map_capacity(TEXTS_SHORT, TEXTS_SHORT_PER_CPU));
	program_text_define(source, "TEXTS_LONG_MAX", "%u", TEXTS_LONG);
	group_by_define(&by, source);
	if (options->tracing.latency)
		program_text_define(source, "LATENCY", "1");
	if (options->distinct)
		program_text_define(source, "DISTINCT", "1");
	if (options->no_results)
		program_text_define(source, "ENTRY_ONLY", "1");
	plan_identities(plan, in->kernel, &by);
}

/* Nobody can know what two paths would have to be to have the same id. */
static int define_seed(struct program_text *source, struct error *err)
{
	uint64_t seed[2];

	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return error_set(err, -errno, "getrandom: %s", error_words(errno));
	for (int i = 0; i < 2; i++) {
		int parameter = program_text_parameter(source, seed[i]);

		if (parameter < 0)
			return error_set(err, parameter,
					 "too many process ids together with paths");
		program_text_define(source, i ? "SIP_KEY1" : "SIP_KEY0", "PARAMETER(%d)",
				    parameter);
	}
	return 0;
}

/*
 * What a call opened, as the kernel knows it. Under confidentiality lockdown no program can read
 * the kernel's memory, and without BTF it is not known where: then a path that changes while its
 * call lasts counts as unread.
 */
static int define_files(const struct plan_input *in, const struct openat_needs *needs,
			struct plan *plan, struct error *err)
{
	/* A structure comes before those that have it as a member. */
	static const struct kernel_member places[] = {
		{ "path", "mnt", "struct vfsmount *" },
		{ "path", "dentry", "struct dentry *" },
		{ "vfsmount", "mnt_root", "struct dentry *" },
		{ "task_struct", "fs", "struct fs_struct *" },
		{ "task_struct", "files", "struct files_struct *" },
		{ "fs_struct", "root", "struct path" },
		{ "fs_struct", "pwd", "struct path" },
		{ "files_struct", "fdt", "struct fdtable *" },
		{ "fdtable", "max_fds", "u32" },
		{ "fdtable", "fd", "struct file **" },
		{ "file", "f_path", "struct path" },
		{ "file", "f_flags", "u32" },
		{ "dentry", "d_parent", "struct dentry *" },
		{ "dentry", "d_name.name", "const char *" },
		{ "mount", "mnt", "struct vfsmount" },
		{ "mount", "mnt_parent", "struct mount *" },
		{ "mount", "mnt_mountpoint", "struct dentry *" },
		{ NULL, NULL, NULL },
	};
	const struct openat_options *options = in->options;
	bool wanted = options->full_path || (needs->given && !permission_is_confidential());
	int r = wanted ? kernel_define_members(in->kernel, plan->source, places, err) : 0;

	/* --path would not match a relative path. */
	if (r < 0 && !in->kernel->btf && !options->full_path && !options->path) {
		error_clear(err);
		plan_without(plan, "files");
		return 0;
	}
	if (r < 0 || !wanted)
		return r;
	program_text_define(plan->source, "READS_FILES", "1");
	if (!needs->path)
		return 0;
	program_text_define(plan->source, "FULL_PATH", "1");
	if (!options->full_path && !options->path)
		program_text_define(plan->source, "FULL_PATH_IF_UNSURE", "1");
	return 0;
}

static int define_paths(const struct plan_input *in, const struct openat_needs *needs,
			struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;
	struct program_text *source = plan->source;
	int r = 0;

	if (needs->path)
		program_text_define(source, "NEED_PATH", "1");
	if (options->path)
		program_text_define(source, "PATH_GLOB", "1");
	if (needs->path_id) {
		program_text_define(source, "PATH_ID", "1");
		r = define_seed(source, err);
	}
	return r == 0 ? define_files(in, needs, plan, err) : r;
}

int openat_plan_begin(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;
	struct openat_needs needs = openat_needs(options);
	uint32_t begun = kernel_processes_max();
	int r;

	r = program_text_new(&plan->source,
			     options->tracing.stream ? "openat/stream.bpf.c" : "openat/count.bpf.c",
			     err);
	if (r == 0 && needs.path)
		r = kernel_check_text(in->kernel, err);
	if (r == 0 && needs.path)
		r = kernel_check_loops(in->kernel, err);
	if (r < 0)
		return r;
	r = kernel_define_compat(in->kernel, plan->source, err);
	if (r < 0)
		return r;
	define_calls(options, plan->source);
	define_results(options, plan->source);
	if (!options->tracing.stream)
		define_rows(in, plan);
	if (needs.time)
		program_text_define(plan->source, "NEED_TIME", "1");
	if (needs.entry)
		program_text_define(plan->source, "BEGUN_MAX", "%u",
				    begun < BEGUN_MOST ? begun : BEGUN_MOST);
	if (needs.call)
		program_text_define(plan->source, "NEED_CALL", "1");
	if (needs.args)
		program_text_define(plan->source, "NEED_ARGS", "1");
	r = define_paths(in, &needs, plan, err);
	if (r == 0 && needs.args)
		r = kernel_define_arguments(in->kernel, plan->source, err);
	return r;
}

int openat_fill_glob(const struct openat_options *options, const struct loaded *loaded,
		     struct error *err)
{
	struct open_glob glob = { .stars = options->glob.stars,
				  .end = 1ULL << options->glob.count };
	uint32_t zero = 0;
	int r;

	if (!options->path)
		return 0;
	for (unsigned c = 1; c < 256; c++)
		for (size_t e = 0; e < options->glob.count; e++)
			if (options->glob.accepts[e][c / 64] >> c % 64 & 1)
				glob.accepts[c] |= 1ULL << e;
	r = bpf_map_update_elem(loader_map(loaded, "path_bytes", sizeof(zero), sizeof(glob)), &zero,
				&glob, BPF_ANY);
	return r < 0 ? error_set(err, r, "handing --path to the program: %s", error_words(r)) : 0;
}
