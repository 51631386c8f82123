/* SPDX-License-Identifier: MIT */
/*
 * Loading: which errors the kernel's refusals become, what is left then, and that programs run.
 * They are a few instructions each, and count nothing.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <sys/wait.h>

#include "compiling.h"
#include "loading.h"

static void test_refused_program(void **state)
{
	struct object o = { .nmaps = 0 };

	(void)state;
	add_map(&o, "m", BPF_MAP_TYPE_ARRAY, 4, 8, 1, -1);
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	PROGRAM(&o, "raw_tp/sched_switch", EXIT);
	check_refused(
		&o, -EACCES,
		"the kernel refuses the program 'raw_tp/sched_switch': permission denied (EACCES)",
		"", "R0 !read_ok");
}

/* Of a long log the error has the end, which holds the reason. */
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
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), -EACCES);
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
	check_refused(&o, -EINVAL, "making the map 'a_bad_one': invalid argument (EINVAL)", "",
		      NULL);
	add_map(&o, "huge", BPF_MAP_TYPE_ARRAY, 4, 1u << 31, 1, -1);
	check_refused(&o, -E2BIG, "making the map 'huge': argument list too long (E2BIG)", "memory",
		      NULL);
	add_map(&o, "none", 4000, 4, 8, 1, -1);
	check_refused(&o, -EINVAL, "making the map 'none': invalid argument (EINVAL)", "", NULL);
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
		assert_int_equal(loader_load(&loaded, &o, NULL, btf, NULL, &err), -ENOENT);
		assert_non_null(strstr(err.text, "btf_trace_no_such_tracepoint"));
		btf_kernel_free(btf);
	}
	error_clear(&err);
	check_refused(&o, -ENOENT, "btf_trace_no_such_tracepoint", "", NULL);
	PROGRAM(&o, "fexit/no_such_function", MOV(0, 0), EXIT);
	check_refused(&o, -ENOENT, "BTF has no no_such_function", "", NULL);
}

/* Without privilege, the hint says what would help. */
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
		r = loader_load(&loaded, &o, NULL, NULL, NULL, &err);
		if (r != -EPERM || !strstr(err.text, "EPERM") || !strstr(err.hint, "root")) {
			fprintf(stderr, "%d: %s; %s\n", r, err.text, err.hint);
			_exit(1);
		}
		_exit(permission_to_load(&err) != -EPERM);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(permission_to_load(&(struct error)ERROR_INIT), 0);
}

static void test_life(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loader_stats stats;
	struct loaded *loaded = NULL;
	size_t fds = open_descriptors();
	uint64_t missed;

	(void)state;
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	PROGRAM(&o, "raw_tp/sched_switch", MOV(0, 0), EXIT);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(loader_attach(loaded, -1, &err), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(loader_stats(loaded, i, &stats), 0);
		assert_int_equal(stats.insns, 2);
	}
	assert_string_equal(stats.hook, "raw_tracepoint:sched_switch");
	assert_int_equal(loader_missed(loaded, NULL, &missed), 0);
	loader_detach(loaded);
	assert_int_equal(loader_stats(loaded, 0, &stats), 0);
	loader_detach(loaded);
	loader_unload(loaded);
	loader_unload(NULL);
	assert_int_equal(open_descriptors(), fds);
	object_clear(&o);
}

static void test_statistics(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loader_stats stats;
	struct loaded *loaded = NULL;
	int on = loader_enable_stats();

	(void)state;
	if (on < 0)
		skip();
	PROGRAM(&o, "raw_tp/sys_exit", MOV(0, 0), EXIT);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(loader_attach(loaded, -1, &err), 0);
	for (int i = 0; i < 100; i++)
		getppid();
	loader_detach(loaded);
	assert_int_equal(loader_stats(loaded, 0, &stats), 0);
	assert_true(stats.runs >= 100);
	loader_unload(loaded);
	close(on);
	object_clear(&o);
}

/* If the second of two programs cannot be attached, the first is detached again. */
static void check_attach_refused(const char *section, const char *text)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	size_t fds;

	PROGRAM(&o, "raw_tp/sched_switch", MOV(0, 0), EXIT);
	PROGRAM(&o, section, MOV(0, 0), EXIT);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	fds = open_descriptors();
	assert_true(loader_attach(loaded, -1, &err) < 0);
	assert_int_equal(open_descriptors(), fds);
	if (!strstr(err.text, text))
		fail_msg("%s", err.text);
	loader_unload(loaded);
	error_clear(&err);
	object_clear(&o);
}

static void test_attach_refused(void **state)
{
	(void)state;
	check_attach_refused("raw_tp/no_such_tracepoint",
			     "attaching to raw_tracepoint:no_such_tracepoint: no such file or "
			     "directory (ENOENT)");
	check_attach_refused("kprobe/no_such_symbol_here",
			     "attaching to kprobe:no_such_symbol_here: ");
	check_attach_refused("kretprobe/no_such_symbol_here",
			     "attaching to kretprobe:no_such_symbol_here: ");
	check_attach_refused("tp/no_such/tracepoint",
			     "attaching to tracepoint:no_such:tracepoint: ");
}

/* The log has every program, although the verifier accepts both. */
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
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, log, &err), 0);
	fclose(log);
	assert_memory_equal(text, "raw_tp/sys_exit:\n", 17);
	assert_non_null(strstr(text, "kprobe/do_exit:\n"));
	assert_non_null(strstr(text, "processed 2 insns"));
	free(text);
	loader_unload(loaded);
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
	assert_int_equal(loader_load(&loaded, &o, &parameters, NULL, NULL, &err), 0);
	insns = o.programs[0].insns;
	assert_int_equal(insns[0].imm, 0x55667788);
	assert_int_equal(insns[1].imm, 0x11223344);
	assert_int_equal(insns[2].imm, 5);
	assert_int_equal(insns[3].imm, 0);
	assert_int_equal(insns[4].imm, 1);
	loader_unload(loaded);
	object_clear(&o);

	/* A parameter that does not exist. */
	PROGRAM(&o, "raw_tp/sys_exit", LOAD64(1, 2, (int)(PARAMETER_MARK >> 32)), MOV(0, 0), EXIT);
	assert_int_equal(loader_load(&loaded, &o, &parameters, NULL, NULL, &err), -EINVAL);
	assert_non_null(strstr(err.text, "parameter"));
	error_clear(&err);
	object_clear(&o);
}

/* The verifier accepts a program that uses a map by its relocation. */
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
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	loader_unload(loaded);
	/* The first map's values are too small for that. */
	o.programs[0].relocs[0].map = 0;
	check_refused(&o, -EACCES, "raw_tp/sys_exit", "", "invalid access to map value");
}

static void test_maps(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	uint32_t key = 1, value = 7;
	int map, other;

	(void)state;
	/* The map of maps comes before its template. The kernel gets the first part of a name. */
	add_map(&o, "tables", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 1);
	add_map(&o, "template_with_a_long_name", BPF_MAP_TYPE_HASH, 4, 4, 16, -1);
	add_map(&o, "events", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 0, -1);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_true(loader_map(loaded, "tables", 4, 4) >= 0);
	assert_true(loader_map_of_any_size(loaded, "events") >= 0);
	assert_int_equal(loader_map(loaded, "nosuch", 4, 4), -ENOENT);
	assert_int_equal(loader_map_of_any_size(loaded, "nosuch"), -ENOENT);
	/* Where the kernel would copy other amounts than the caller has room for. */
	assert_int_equal(loader_map(loaded, "template_with_a_long_name", 8, 4), -EINVAL);
	assert_int_equal(loader_map(loaded, "template_with_a_long_name", 4, 8), -EINVAL);
	map = loader_map(loaded, "template_with_a_long_name", 4, 4);
	assert_int_equal(bpf_map_update_elem(map, &key, &value, BPF_ANY), 0);
	other = loader_new_map(loaded, "template_with_a_long_name", &err);
	assert_true(other >= 0);
	assert_int_equal(bpf_map_lookup_elem(other, &key, &value), -ENOENT);
	assert_int_equal(loader_new_map(loaded, "nosuch", &err), -ENOENT);
	assert_non_null(strstr(err.text, "nosuch"));
	error_clear(&err);
	close(other);
	loader_unload(loaded);
	object_clear(&o);
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
		cmocka_unit_test(test_relocation),
		cmocka_unit_test(test_maps),
	};

	return may_load() ? cmocka_run_group_tests(tests, NULL, NULL) : SKIPPED;
}
