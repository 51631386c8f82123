/* SPDX-License-Identifier: MIT */
/* Reading maps: per-CPU counters, and the histogram that a program fills. */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/mman.h>

#include "compiling.h"
#include "loading.h"
#include "log_histogram.h"
#include "map_read.h"

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
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	map = loader_map(loaded, "counts", 4, WORDS * 8);
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
	assert_int_equal(map_read_percpu(map, ENTRIES, WORDS, sums, &err), 0);
	for (uint64_t entry = 0; entry < ENTRIES; entry++) {
		assert_true(sums[entry * WORDS] == (uint64_t)cpus * (entry + 1));
		assert_true(sums[entry * WORDS + 1] == (uint64_t)cpus * (entry << 40));
	}
	assert_true(map_read_percpu(-1, ENTRIES, WORDS, sums, &err) < 0);
	error_clear(&err);
	loader_unload(loaded);
	object_clear(&o);
}

/* Counts the results of this process's system calls in the buckets of a histogram. */
static const char histogram_text[] =
	"#include \"lib/latency.bpf.h\"\n"
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
	struct program_text *source = NULL;

	assert_int_equal(program_text_new_from(&source, "mine.bpf.c", histogram_text, &err), 0);
	program_text_define(source, "SELF", "%d", (int)getpid());
	if (compile(source, &hook, 1, o, &err) < 0 ||
	    loader_load(&loaded, o, NULL, NULL, NULL, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail ? err.detail : "");
	program_text_free(source);
	assert_int_equal(loader_attach(loaded, -1, &err), 0);
	return loaded;
}

/* The verifier accepts the bucket as an index, and kernel and tool compute the same one. */
static void test_histogram(void **state)
{
	uint32_t counts[HISTOGRAM_BUCKETS], zero = 0;
	int file = memfd_create("any", MFD_CLOEXEC);
	struct object o = { .nmaps = 0 };
	struct loaded *loaded = load_histogram(&o);

	(void)state;
	assert_true(file >= 0);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		/* lseek() returns what the test chooses. */
		lseek(file, (off_t)histogram_lower(i), SEEK_SET);
		lseek(file, (off_t)((histogram_upper(i) - 1) & INT64_MAX), SEEK_SET);
	}
	loader_detach(loaded);
	assert_int_equal(
		bpf_map_lookup_elem(loader_map_of_any_size(loaded, "times"), &zero, counts), 0);
	/* The calls that attach and detach return small numbers or errors. */
	assert_true(counts[0] >= 2 && counts[HISTOGRAM_LAST] >= 2);
	for (unsigned i = 1; i < HISTOGRAM_LAST; i++)
		assert_int_equal(counts[i], 2);
	loader_unload(loaded);
	object_clear(&o);
	close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percpu),
		cmocka_unit_test(test_histogram),
	};

	return may_load() ? cmocka_run_group_tests(tests, NULL, NULL) : SKIPPED;
}
