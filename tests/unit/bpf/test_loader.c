/* SPDX-License-Identifier: MIT */
/*
 * Loading: what the kernel refuses and how that is told, what is left of it, and tables read back.
 * Takes the right to load programs: without it, it is skipped. The programs are a few instructions
 * each; what they are attached to they do not count.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "compiling.h"
#include "kernel.h"
#include "loader.h"
#include "log_histogram.h"
#include "map_read.h"
#include "permission.h"

enum {
	SKIPPED = 77,
};

#define MOV(reg, value)                                                                            \
	{                                                                                          \
		.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (reg), .imm = (value)              \
	}
#define EXIT                                                                                       \
	{                                                                                          \
		.code = BPF_JMP | BPF_EXIT                                                         \
	}
#define LOAD64(reg, low, high)                                                                     \
	{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = (reg), .imm = (low) },                     \
	{                                                                                          \
		.imm = (high)                                                                      \
	}

/* ---- objects ---- */

static void add_map(struct object *o, const char *name, uint32_t type, uint32_t key, uint32_t value,
		    uint32_t entries, int inner)
{
	struct object_map *map = &o->maps[o->nmaps++];

	*map = (struct object_map){ .type = type,
				    .key_size = key,
				    .value_size = value,
				    .max_entries = entries,
				    .inner = inner };
	snprintf(map->name, sizeof(map->name), "%s", name);
}

static void add_program(struct object *o, const char *name, const char *section,
			const struct bpf_insn *insns, size_t ninsns)
{
	struct object_program *p = &o->programs[o->nprograms++];
	struct hook hook = { .function = name };

	assert_int_equal(hook_parse(&hook, section), 0);
	assert_int_equal(object_set_hook(p, &hook), 0);
	p->insns = calloc(ninsns, sizeof(*insns));
	p->relocs = calloc(ninsns, sizeof(*p->relocs));
	assert_true(p->insns && p->relocs);
	memcpy(p->insns, insns, ninsns * sizeof(*insns));
	p->ninsns = ninsns;
}

#define PROGRAM(o, section, ...)                                                                   \
	add_program(o, "raw_tracepoint__f", section, (const struct bpf_insn[]){ __VA_ARGS__ },     \
		    COUNT(((const struct bpf_insn[]){ __VA_ARGS__ })))

/* It fails like this, and leaves nothing open. */
static void check_refused(struct object *o, int code, const char *text, const char *hint,
			  const char *detail)
{
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	size_t fds = open_descriptors();
	int r = load(&loaded, o, NULL, NULL, NULL, &err);

	if (r != code || err.code != code || !strstr(err.text, text) || !strstr(err.hint, hint) ||
	    (detail && (!err.detail || !strstr(err.detail, detail))))
		fail_msg("%d: %s; %s\n%s", r, err.text, err.hint, err.detail ? err.detail : "");
	assert_null(loaded);
	assert_int_equal(open_descriptors(), fds);
	error_clear(&err);
	object_clear(o);
}

/* ---- refusals ---- */

static void test_refused_program(void **state)
{
	struct object o = { .nmaps = 0 };

	(void)state;
	add_map(&o, "m", BPF_MAP_TYPE_ARRAY, 4, 8, 1, -1);
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	PROGRAM(&o, "raw_tp/sched_switch", EXIT);
	check_refused(&o, -EACCES, "the kernel refuses the program 'raw_tp/sched_switch': EACCES",
		      "", "R0 !read_ok");
}

/* Of a long story the end, which says why. */
static void test_long_refusal(void **state)
{
	struct bpf_insn insns[400];
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	size_t lines = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(insns) - 1; i++)
		insns[i] = (struct bpf_insn)MOV(1, (int)i);
	insns[COUNT(insns) - 1] = (struct bpf_insn)EXIT;
	add_program(&o, "raw_tracepoint__f", "raw_tp/sys_exit", insns, COUNT(insns));
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), -EACCES);
	assert_non_null(err.detail);
	assert_non_null(strstr(err.detail, "R0 !read_ok"));
	for (const char *p = err.detail; (p = strchr(p, '\n')); p++)
		lines++;
	assert_in_range(lines, 5, 20);
	error_clear(&err);
	object_clear(&o);
}

static void test_refused_map(void **state)
{
	struct object o = { .nmaps = 0 };

	(void)state;
	add_map(&o, "good", BPF_MAP_TYPE_ARRAY, 4, 8, 1, -1);
	add_map(&o, "a_bad_one", BPF_MAP_TYPE_ARRAY, 3, 8, 1, -1);
	check_refused(&o, -EINVAL, "making the map 'a_bad_one': EINVAL", "", NULL);
	add_map(&o, "huge", BPF_MAP_TYPE_ARRAY, 4, 1u << 31, 1, -1);
	check_refused(&o, -E2BIG, "making the map 'huge': E2BIG", "memory", NULL);
	add_map(&o, "none", 4000, 4, 8, 1, -1);
	check_refused(&o, -EINVAL, "making the map 'none': EINVAL", "", NULL);
}

static void test_unknown_hook(void **state)
{
	struct error err = ERROR_INIT;
	struct btf_kernel *btf = NULL;
	struct loaded *loaded = NULL;
	struct object o = { .nmaps = 0 };

	(void)state;
	PROGRAM(&o, "tp_btf/no_such_tracepoint", MOV(0, 0), EXIT);
	if (btf_kernel_open(&btf, false, &err) == 0) {
		assert_int_equal(load(&loaded, &o, NULL, btf, NULL, &err), -ENOENT);
		assert_non_null(strstr(err.text, "btf_trace_no_such_tracepoint"));
		btf_kernel_free(btf);
	}
	error_clear(&err);
	check_refused(&o, -ENOENT, "btf_trace_no_such_tracepoint", "", NULL);
	PROGRAM(&o, "fexit/no_such_function", MOV(0, 0), EXIT);
	check_refused(&o, -ENOENT, "BTF has no no_such_function", "", NULL);
}

/* As somebody who may not: what would help is said. */
static void test_not_permitted(void **state)
{
	int status;
	pid_t child;

	(void)state;
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct object o = { .nmaps = 0 };
		struct error err = ERROR_INIT;
		struct loaded *loaded = NULL;
		int r;

		PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
		become_nobody();
		r = load(&loaded, &o, NULL, NULL, NULL, &err);
		if (r != -EPERM || !strstr(err.text, "EPERM") || !strstr(err.hint, "root")) {
			fprintf(stderr, "%d: %s; %s\n", r, err.text, err.hint);
			_exit(1);
		}
		_exit(kernel_can_load(&err) != -EPERM);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(kernel_can_load(&(struct error)ERROR_INIT), 0);
}

/* ---- what works ---- */

static void test_life(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct load_stats stats;
	struct loaded *loaded = NULL;
	size_t fds = open_descriptors();
	uint64_t missed;

	(void)state;
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	PROGRAM(&o, "raw_tp/sched_switch", MOV(0, 0), EXIT);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_ptr_equal(load_object(loaded), &o);
	assert_int_equal(load_attach(loaded, -1, &err), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(load_stats(loaded, i, &stats), 0);
		assert_int_equal(stats.insns, 2);
	}
	assert_string_equal(stats.hook, "raw_tracepoint:sched_switch");
	assert_int_equal(load_missed(loaded, NULL, &missed), 0);
	load_detach(loaded);
	assert_int_equal(load_stats(loaded, 0, &stats), 0);
	load_detach(loaded);
	unload(loaded);
	unload(NULL);
	assert_int_equal(open_descriptors(), fds);
	object_clear(&o);
}

/* While statistics are on, a program that is attached is seen to run. */
static void test_statistics(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct load_stats stats;
	struct loaded *loaded = NULL;
	int on = load_enable_stats();

	(void)state;
	if (on < 0)
		skip();
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(load_attach(loaded, -1, &err), 0);
	for (int i = 0; i < 100; i++)
		getppid();
	load_detach(loaded);
	assert_int_equal(load_stats(loaded, 0, &stats), 0);
	assert_true(stats.runs >= 100);
	unload(loaded);
	close(on);
	object_clear(&o);
}

/* The second of two cannot be attached: the first is not left behind. */
static void check_attach_refused(const char *section, const char *text)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	size_t fds;

	PROGRAM(&o, "raw_tp/sched_switch", MOV(0, 0), EXIT);
	PROGRAM(&o, section, MOV(0, 0), EXIT);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	fds = open_descriptors();
	assert_true(load_attach(loaded, -1, &err) < 0);
	assert_int_equal(open_descriptors(), fds);
	if (!strstr(err.text, text))
		fail_msg("%s", err.text);
	unload(loaded);
	error_clear(&err);
	object_clear(&o);
}

static void test_attach_refused(void **state)
{
	(void)state;
	check_attach_refused("raw_tp/no_such_tracepoint",
			     "attaching to raw_tracepoint:no_such_tracepoint: ENOENT");
	check_attach_refused("kprobe/no_such_symbol_here",
			     "attaching to kprobe:no_such_symbol_here: E");
	check_attach_refused("kretprobe/no_such_symbol_here",
			     "attaching to kretprobe:no_such_symbol_here: E");
	check_attach_refused("tp/no_such/tracepoint",
			     "attaching to tracepoint:no_such:tracepoint: E");
}

/* The verifier's words of every program, although none is refused. */
static void test_log(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *log = open_memstream(&text, &len);

	(void)state;
	assert_non_null(log);
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	PROGRAM(&o, "kprobe/do_exit", MOV(0, 0), EXIT);
	assert_int_equal(load(&loaded, &o, NULL, NULL, log, &err), 0);
	fclose(log);
	assert_memory_equal(text, "raw_tp/sys_exit:\n", 17);
	assert_non_null(strstr(text, "kprobe/do_exit:\n"));
	assert_non_null(strstr(text, "processed 2 insns"));
	free(text);
	unload(loaded);
	object_clear(&o);
}

static void test_parameters(void **state)
{
	struct parameters parameters = { .values = { 5, 0x1122334455667788 }, .count = 2 };
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	const struct bpf_insn *insns;

	(void)state;
	PROGRAM(&o, "raw_tp/sys_exit", LOAD64(1, 1, (int)(PARAMETER_MARK >> 32)),
		LOAD64(2, 0, (int)(PARAMETER_MARK >> 32)), LOAD64(3, 1, 0), MOV(0, 0), EXIT);
	assert_int_equal(load(&loaded, &o, &parameters, NULL, NULL, &err), 0);
	insns = o.programs[0].insns;
	assert_int_equal(insns[0].imm, 0x55667788);
	assert_int_equal(insns[1].imm, 0x11223344);
	assert_int_equal(insns[2].imm, 5);
	assert_int_equal(insns[3].imm, 0);
	assert_int_equal(insns[4].imm, 1);
	unload(loaded);
	object_clear(&o);

	/* One that there is not. */
	PROGRAM(&o, "raw_tp/sys_exit", LOAD64(1, 2, (int)(PARAMETER_MARK >> 32)), MOV(0, 0), EXIT);
	assert_int_equal(load(&loaded, &o, &parameters, NULL, NULL, &err), -EINVAL);
	assert_non_null(strstr(err.text, "parameter"));
	error_clear(&err);
	object_clear(&o);
}

/* ---- maps ---- */

static void test_maps(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	uint32_t key = 1, value = 7;
	int map, other;

	(void)state;
	/* The map of maps comes before its template; a name longer than the kernel's is cut there.
	 */
	add_map(&o, "tables", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 1);
	add_map(&o, "template_with_a_long_name", BPF_MAP_TYPE_HASH, 4, 4, 16, -1);
	add_map(&o, "events", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 0, -1);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_true(load_map(loaded, "tables") >= 0 && load_map(loaded, "events") >= 0);
	assert_int_equal(load_map(loaded, "nosuch"), -ENOENT);
	map = load_map(loaded, "template_with_a_long_name");
	assert_int_equal(bpf_map_update_elem(map, &key, &value, BPF_ANY), 0);
	other = load_new_map(loaded, "template_with_a_long_name", &err);
	assert_true(other >= 0);
	assert_int_equal(bpf_map_lookup_elem(other, &key, &value), -ENOENT);
	assert_int_equal(load_new_map(loaded, "nosuch", &err), -ENOENT);
	assert_non_null(strstr(err.text, "nosuch"));
	error_clear(&err);
	close(other);
	unload(loaded);
	object_clear(&o);
}

/* A map's address in an instruction: the program that uses it is accepted. */
static void test_relocation(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;

	(void)state;
	add_map(&o, "first", BPF_MAP_TYPE_ARRAY, 4, 8, 1, -1);
	add_map(&o, "second", BPF_MAP_TYPE_ARRAY, 4, 16, 1, -1);
	/* *(u32 *)(r10 - 4) = 0; value = lookup(second, r10 - 4); if (value) *(u64 *)(value + 8) =
	 * 0; */
	PROGRAM(&o, "raw_tp/sys_exit",
		{ .code = BPF_ST | BPF_W | BPF_MEM, .dst_reg = 10, .off = -4 }, LOAD64(1, 0, 0),
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 2, .src_reg = 10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = -4 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 0, .off = 1 },
		{ .code = BPF_ST | BPF_DW | BPF_MEM, .dst_reg = 0, .off = 8 }, MOV(0, 0), EXIT);
	o.programs[0].relocs[o.programs[0].nrelocs++] =
		(struct object_reloc){ .insn = 1, .map = 1 };
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	unload(loaded);
	/* The first map's values are too small for that. */
	o.programs[0].relocs[0].map = 0;
	check_refused(&o, -EACCES, "raw_tp/sys_exit", "", "invalid access to map value");
}

static void test_percpu(void **state)
{
	enum { ENTRIES = 5, WORDS = 2, CPUS_MAX = 4096 };
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	uint64_t sums[ENTRIES * WORDS];
	int cpus = libbpf_num_possible_cpus(), map;

	(void)state;
	assert_in_range(cpus, 1, CPUS_MAX);
	add_map(&o, "counts", BPF_MAP_TYPE_PERCPU_ARRAY, 4, WORDS * 8, ENTRIES, -1);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	map = load_map(loaded, "counts");
	for (uint32_t entry = 0; entry < ENTRIES; entry++) {
		uint64_t *values = calloc((size_t)cpus, WORDS * sizeof(*values));

		assert_non_null(values);
		for (int cpu = 0; cpu < cpus; cpu++) {
			values[cpu * WORDS] = entry + 1;
			values[cpu * WORDS + 1] = (uint64_t)entry << 40;
		}
		assert_int_equal(bpf_map_update_elem(map, &entry, values, BPF_ANY), 0);
		free(values);
	}
	assert_int_equal(table_read_percpu(map, ENTRIES, WORDS, sums, &err), 0);
	for (uint64_t entry = 0; entry < ENTRIES; entry++) {
		assert_true(sums[entry * WORDS] == (uint64_t)cpus * (entry + 1));
		assert_true(sums[entry * WORDS + 1] == (uint64_t)cpus * (entry << 40));
	}
	assert_true(table_read_percpu(-1, ENTRIES, WORDS, sums, &err) < 0);
	error_clear(&err);
	unload(loaded);
	object_clear(&o);
}

/* What this process's calls return, in buckets. */
static const char histogram_text[] =
	"#include \"histogram.bpf.h\"\n"
	"struct counts { u32 counts[HISTOGRAM_BUCKETS]; };\n"
	"BPF_ARRAY(times, struct counts, 1);\n"
	"int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)\n"
	"{\n"
	"	int zero = 0;\n"
	"	struct counts *c = times.lookup(&zero);\n"
	"	if (c && bpf_get_current_pid_tgid() >> 32 == SELF)\n"
	"		c->counts[histogram_bucket(ctx->args[1])]++;\n"
	"	return 0;\n"
	"}\n";

static struct loaded *load_histogram(struct object *o)
{
	static const struct hook hook = { HOOK_RAW_TRACEPOINT, "raw_tracepoint__sys_exit",
					  "sys_exit" };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	struct source *source = NULL;

	assert_int_equal(source_new_text(&source, "mine.bpf.c", histogram_text, &err), 0);
	source_define(source, "SELF", "%d", (int)getpid());
	if (compile(source, &hook, 1, o, &err) < 0 || load(&loaded, o, NULL, NULL, NULL, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail ? err.detail : "");
	source_free(source);
	assert_int_equal(load_attach(loaded, -1, &err), 0);
	return loaded;
}

/* The verifier sees that a bucket is one, and the kernel finds the same as the tool. */
static void test_histogram(void **state)
{
	uint32_t counts[HISTOGRAM_BUCKETS], zero = 0;
	int file = memfd_create("any", MFD_CLOEXEC);
	struct object o = { .nmaps = 0 };
	struct loaded *loaded = load_histogram(&o);

	(void)state;
	assert_true(file >= 0);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		/* What lseek() returns can be chosen. */
		lseek(file, (off_t)histogram_lower(i), SEEK_SET);
		lseek(file, (off_t)((histogram_upper(i) - 1) & INT64_MAX), SEEK_SET);
	}
	load_detach(loaded);
	assert_int_equal(bpf_map_lookup_elem(load_map(loaded, "times"), &zero, counts), 0);
	/* Of the calls to attach and to look, some return small numbers or an error. */
	assert_true(counts[0] >= 2 && counts[HISTOGRAM_LAST] >= 2);
	for (unsigned i = 1; i < HISTOGRAM_LAST; i++)
		assert_int_equal(counts[i], 2);
	unload(loaded);
	object_clear(&o);
	close(file);
}

/* ---- tables that are exchanged ---- */

enum {
	ROWS = 3000, /* more than one batch */
};

static uint64_t seen[ROWS];

static int see(const void *key, const void *value, void *context)
{
	uint32_t k;
	uint64_t v;

	memcpy(&k, key, sizeof(k));
	memcpy(&v, value, sizeof(v));
	assert_in_range(k, 0, ROWS - 1);
	assert_true(v != 0 && seen[k] == 0);
	seen[k] = v;
	(*(size_t *)context)++;
	return 0;
}

static int refuse(const void *key, const void *value, void *context)
{
	(void)key;
	(void)value;
	(void)context;
	return -EPIPE;
}

static size_t read_rows(struct table_swap *swap)
{
	struct error err = ERROR_INIT;
	size_t rows = 0;

	memset(seen, 0, sizeof(seen));
	assert_int_equal(table_swap_read(swap, see, &rows, &err), 0);
	return rows;
}

static void put(int map, uint32_t key, uint64_t value)
{
	assert_int_equal(bpf_map_update_elem(map, &key, &value, BPF_ANY), 0);
}

/* What a program would find. Return: id of the map, 0: there is none. */
static uint32_t installed(int outer)
{
	uint32_t zero = 0, id = 0;

	return bpf_map_lookup_elem(outer, &zero, &id) == 0 ? id : 0;
}

static void test_swap(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	struct table_swap swap;
	uint32_t first;
	size_t fds = open_descriptors();

	(void)state;
	add_map(&o, "table", BPF_MAP_TYPE_HASH, 4, 8, ROWS, -1);
	add_map(&o, "tables", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 0);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(table_swap_init(&swap, loaded, "tables", "table", &err), 0);
	assert_int_equal(installed(swap.outer), 0);
	assert_int_equal(table_swap_start(&swap, &err), 0);
	first = installed(swap.outer);
	assert_int_not_equal(first, 0);

	/* A full one, more than a batch holds; the program's is another one then. */
	for (uint32_t i = 0; i < ROWS; i++)
		put(swap.maps[swap.active], i, i + 1);
	assert_int_equal(read_rows(&swap), ROWS);
	for (uint32_t i = 0; i < ROWS; i++)
		assert_true(seen[i] == i + 1);
	assert_int_not_equal(installed(swap.outer), first);
	/* Nothing in it, and nothing left in the first, whose turn it is again. */
	assert_int_equal(read_rows(&swap), 0);
	assert_int_equal(installed(swap.outer), first);
	assert_int_equal(read_rows(&swap), 0);
	put(swap.maps[swap.active], 5, 50);
	assert_int_equal(read_rows(&swap), 1);
	assert_true(seen[5] == 50);

	/* The callback's failure is the reading's. */
	put(swap.maps[swap.active], 6, 60);
	assert_int_equal(table_swap_read(&swap, refuse, NULL, &err), -EPIPE);

	/* After the stop: what there was, once, and nothing installed. */
	put(swap.maps[swap.active], 7, 70);
	assert_int_equal(table_swap_stop(&swap, &err), 0);
	assert_int_equal(installed(swap.outer), 0);
	read_rows(&swap);
	assert_true(seen[7] == 70);
	assert_int_equal(installed(swap.outer), 0);

	table_swap_clear(&swap);
	unload(loaded);
	assert_int_equal(open_descriptors(), fds);
	object_clear(&o);
	error_clear(&err);
}

static void test_swap_refused(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	struct table_swap swap;

	(void)state;
	add_map(&o, "table", BPF_MAP_TYPE_HASH, 4, 8, 1, -1);
	assert_int_equal(load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(table_swap_init(&swap, loaded, "tables", "table", &err), -ENOENT);
	table_swap_clear(&swap);
	assert_int_equal(table_swap_init(&swap, loaded, "table", "nosuch", &err), -ENOENT);
	table_swap_clear(&swap);
	error_clear(&err);
	unload(loaded);
	object_clear(&o);
}

static bool may_load(void)
{
	struct error err = ERROR_INIT;
	int map;

	if (kernel_can_load(&err) < 0) {
		printf("skipped: %s\n", err.text);
		return false;
	}
	map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "trial", 4, 4, 1, NULL);
	if (map < 0) {
		printf("skipped: bpf(2) makes no map: %s\n", error_name(map));
		return false;
	}
	close(map);
	return true;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_program),
		cmocka_unit_test(test_long_refusal),
		cmocka_unit_test(test_refused_map),
		cmocka_unit_test(test_unknown_hook),
		cmocka_unit_test(test_not_permitted),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_statistics),
		cmocka_unit_test(test_attach_refused),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_relocation),
		cmocka_unit_test(test_percpu),
		cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_swap_refused),
	};

	return may_load() ? cmocka_run_group_tests(tests, NULL, NULL) : SKIPPED;
}
