/* SPDX-License-Identifier: MIT */
/* Objects: what is written is read back the same, and libbpf reads it too. */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "objects.h"

static void assert_same(const struct object *a, const struct object *b)
{
	assert_int_equal(a->nmaps, b->nmaps);
	assert_int_equal(a->nprograms, b->nprograms);
	for (size_t i = 0; i < a->nmaps; i++) {
		const struct object_map *x = &a->maps[i], *y = &b->maps[i];

		assert_string_equal(x->name, y->name);
		assert_int_equal(x->type, y->type);
		assert_int_equal(x->key_size, y->key_size);
		assert_int_equal(x->value_size, y->value_size);
		assert_int_equal(x->max_entries, y->max_entries);
		assert_int_equal(x->flags, y->flags);
		assert_int_equal(x->inner, y->inner);
	}
	for (size_t i = 0; i < a->nprograms; i++) {
		const struct object_program *x = &a->programs[i], *y = &b->programs[i];

		assert_string_equal(x->name, y->name);
		assert_int_equal(x->hook.kind, y->hook.kind);
		assert_string_equal(x->hook.target, y->hook.target);
		assert_int_equal(x->ninsns, y->ninsns);
		assert_memory_equal(x->insns, y->insns, x->ninsns * sizeof(*x->insns));
		assert_int_equal(x->nrelocs, y->nrelocs);
		for (size_t r = 0; r < x->nrelocs; r++) {
			assert_int_equal(x->relocs[r].insn, y->relocs[r].insn);
			assert_int_equal(x->relocs[r].map, y->relocs[r].map);
		}
	}
}

static void check_round_trip(const struct object *o)
{
	struct error err = ERROR_INIT;
	struct object back;
	size_t len;
	char *bytes = written(o, &len);

	assert_int_equal(object_read(&back, bytes, len, &err), 0);
	assert_same(o, &back);
	object_clear(&back);
	assert_int_equal(back.nprograms, 0);
	free(bytes);
}

static void test_round_trip(void **state)
{
	struct object o;

	(void)state;
	make_rich(&o);
	check_round_trip(&o);
	object_clear(&o);
}

static void test_no_maps(void **state)
{
	struct object o = { .nmaps = 0 };

	(void)state;
	add_program(&o, "f", "kprobe/f", 2, 0);
	check_round_trip(&o);
	object_clear(&o);
}

static void test_no_programs(void **state)
{
	struct object o = { .nmaps = 0 };

	(void)state;
	check_round_trip(&o);
	add_map(&o, "m", BPF_MAP_TYPE_HASH, 4, 4, 1, 0, -1);
	check_round_trip(&o);
	object_clear(&o);
}

/* A name without its final NUL would run into the next one. */
static void test_long_names(void **state)
{
	struct object_program p = { .ninsns = 0 };
	char long_name[HOOK_NAME_MAX + 1];

	(void)state;
	memset(long_name, 'x', HOOK_NAME_MAX);
	long_name[HOOK_NAME_MAX] = '\0';
	assert_int_equal(object_set_hook(&p, &(struct hook){ HOOK_KPROBE, "f", long_name }),
			 -ENAMETOOLONG);
	assert_int_equal(object_set_hook(&p, &(struct hook){ HOOK_KPROBE, long_name, "f" }),
			 -ENAMETOOLONG);
	assert_null(p.hook.function);
	assert_int_equal(object_set_hook(&p, &(struct hook){ HOOK_KPROBE, "f", long_name + 1 }), 0);
	assert_string_equal(p.hook.target, long_name + 1);
}

static void test_full(void **state)
{
	struct object o;

	(void)state;
	make_full(&o, 4096);
	check_round_trip(&o);
	object_clear(&o);
}

static void test_find_map(void **state)
{
	struct object o;

	(void)state;
	make_rich(&o);
	assert_int_equal(object_map(&o, "tables"), 0);
	assert_int_equal(object_map(&o, "table"), 2);
	assert_int_equal(object_map(&o, "tab"), -ENOENT);
	assert_int_equal(object_map(&o, ""), -ENOENT);
	object_clear(&o);
	assert_int_equal(object_map(&o, "tables"), -ENOENT);
}

static void test_unwritable(void **state)
{
	struct error err = ERROR_INIT;
	struct object o;

	(void)state;
	make_rich(&o);
	assert_true(object_write(&o, -1, &err) < 0);
	assert_true(err.code < 0 && err.text[0]);
	error_clear(&err);
	object_clear(&o);
}

/* libbpf reads the same from the file. */
static void test_libbpf(void **state)
{
	const struct bpf_map *map;
	const struct bpf_program *program;
	struct bpf_object *object;
	struct object o;
	size_t len;
	char *bytes;

	(void)state;
	make_rich(&o);
	o.nmaps = 5; /* "huge" is more than libbpf's own types can say */
	o.programs[0].nrelocs = 0;
	bytes = written(&o, &len);
	object = bpf_object__open_mem(bytes, len, NULL);
	assert_non_null(object);
	for (size_t i = 0; i < o.nmaps; i++) {
		map = bpf_object__find_map_by_name(object, o.maps[i].name);
		assert_non_null(map);
		assert_int_equal(bpf_map__type(map), o.maps[i].type);
		assert_int_equal(bpf_map__key_size(map), o.maps[i].key_size);
		assert_int_equal(bpf_map__value_size(map), o.maps[i].value_size);
		assert_int_equal(bpf_map__map_flags(map), o.maps[i].flags);
	}
	for (size_t i = 0; i < o.nprograms; i++) {
		char section[HOOK_NAME_MAX];

		program = bpf_object__find_program_by_name(object, o.programs[i].name);
		assert_non_null(program);
		assert_string_equal(bpf_program__section_name(program),
				    hook_section(&o.programs[i].hook, section));
		assert_int_equal(bpf_program__insn_cnt(program), o.programs[i].ninsns);
	}
	bpf_object__close(object);
	free(bytes);
	o.nmaps = 6;
	object_clear(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_no_maps),
		cmocka_unit_test(test_no_programs), cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_full),        cmocka_unit_test(test_find_map),
		cmocka_unit_test(test_unwritable),  cmocka_unit_test(test_libbpf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
