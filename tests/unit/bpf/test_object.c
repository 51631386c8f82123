/* SPDX-License-Identifier: MIT */
/*
 * Objects: what is written is read back the same, other tools would take it, and no damage to its
 * bytes does more than make it unreadable. Meant to be run under AddressSanitizer, too.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "object.h"
#include "object_btf.h"

static struct bpf_insn load_map_insn(void)
{
	return (struct bpf_insn){ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1 };
}

static void add_map(struct object *o, const char *name, uint32_t type, uint32_t key, uint32_t value,
		    uint32_t entries, uint32_t flags, int inner)
{
	struct object_map *map = &o->maps[o->nmaps++];

	*map = (struct object_map){ .type = type,
				    .key_size = key,
				    .value_size = value,
				    .max_entries = entries,
				    .flags = flags,
				    .inner = inner };
	strcpy(map->name, name);
}

/* A program of @ninsns instructions that loads each of the first @nmaps maps; each instruction
 * differs. */
static void add_program(struct object *o, const char *name, const char *section, size_t ninsns,
			size_t nmaps)
{
	struct object_program *p = &o->programs[o->nprograms++];
	struct hook hook = { .function = name };

	assert_int_equal(hook_parse(&hook, section), 0);
	assert_int_equal(object_set_hook(p, &hook), 0);
	p->insns = calloc(ninsns, sizeof(*p->insns));
	p->ninsns = ninsns;
	p->relocs = calloc(nmaps + 1, sizeof(*p->relocs));
	assert_true(p->insns && p->relocs);
	for (size_t i = 0; i < ninsns; i++)
		p->insns[i] =
			(struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = (int)i };
	for (size_t i = 0; i < nmaps; i++) {
		p->insns[3 * i] = load_map_insn();
		p->insns[3 * i + 1] = (struct bpf_insn){ 0 };
		p->relocs[p->nrelocs++] =
			(struct object_reloc){ (uint32_t)(3 * i), (uint32_t)(nmaps - 1 - i) };
	}
}

/* All that an object can be: templates before and after their map of maps, several programs, flags.
 */
static void make_rich(struct object *o)
{
	memset(o, 0, sizeof(*o));
	add_map(o, "tables", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 0, 2);
	add_map(o, "counts", BPF_MAP_TYPE_PERCPU_ARRAY, 4, 16, 3072, 0, -1);
	add_map(o, "table", BPF_MAP_TYPE_HASH, 4, 32, 65536, BPF_F_NO_PREALLOC, -1);
	add_map(o, "events", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 0, 0, -1);
	add_map(o, "more_tables", BPF_MAP_TYPE_HASH_OF_MAPS, 8, 4, 10, 0, 1);
	add_map(o, "huge", BPF_MAP_TYPE_HASH, 0x7fffffff, 0xfffffffe, 0xfffffffe, 0x80000001, -1);
	add_program(o, "kprobe__f", "kprobe/__x64_sys_openat", 40, 6);
	add_program(o, "tracepoint__g", "tp/sched/sched_switch", 2, 0);
	add_program(o, "raw_tracepoint__h", "tp_btf/sys_exit", 300, 3);
}

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

/* Return: heap memory of exactly that size, so that reading beyond it is caught. */
static char *written(const struct object *o, size_t *len)
{
	struct error err = ERROR_INIT;
	int fd = memfd_create("object", MFD_CLOEXEC);
	char *bytes;

	assert_true(fd >= 0);
	assert_int_equal(object_write(o, fd, &err), 0);
	*len = (size_t)lseek(fd, 0, SEEK_END);
	bytes = malloc(*len);
	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, *len, 0), *len);
	close(fd);
	return bytes;
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

/* Of names, one letter for each program: none of them is a slash. */
#define FIRST_LETTER 'A'
_Static_assert(FIRST_LETTER + OBJECT_PROGRAMS_MAX <= 127, "letters for all");

static void make_full(struct object *o, size_t ninsns)
{
	memset(o, 0, sizeof(*o));
	for (int i = 0; i < OBJECT_MAPS_MAX; i++) {
		char name[OBJECT_NAME_MAX];

		memset(name, 'a' + i, sizeof(name) - 1);
		name[sizeof(name) - 1] = '\0';
		add_map(o, name, BPF_MAP_TYPE_HASH, 4, (uint32_t)i + 1, 1, 0, -1);
	}
	for (int i = 0; i < OBJECT_PROGRAMS_MAX; i++) {
		char name[OBJECT_NAME_MAX], section[HOOK_NAME_MAX] = "kprobe/";

		memset(name, FIRST_LETTER + i, sizeof(name) - 1);
		name[sizeof(name) - 1] = '\0';
		memset(section + 7, FIRST_LETTER + i, sizeof(section) - 8);
		section[sizeof(section) - 1] = '\0';
		add_program(o, name, section, ninsns, OBJECT_MAPS_MAX);
	}
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

/* As many of everything as there may be, with the longest names. */
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

/* libbpf is the other reader there is. */
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

/* ---- damage ---- */

static size_t refused, taken;

/* Whatever the bytes: an error that says so, or an object that can be used without a further look.
 */
static void check_damaged(const char *bytes, size_t len)
{
	struct error err = ERROR_INIT;
	struct object o;
	int r = object_read(&o, bytes, len, &err);

	if (r < 0) {
		refused++;
		assert_int_equal(r, -EINVAL);
		assert_int_equal(err.code, -EINVAL);
		assert_memory_equal(err.text, "compiled object: ", 17);
		assert_int_equal(o.nprograms, 0);
		assert_int_equal(o.nmaps, 0);
		error_clear(&err);
		return;
	}
	taken++;
	assert_true(o.nmaps <= OBJECT_MAPS_MAX && o.nprograms <= OBJECT_PROGRAMS_MAX);
	for (size_t i = 0; i < o.nmaps; i++) {
		int inner = o.maps[i].inner;

		assert_non_null(memchr(o.maps[i].name, '\0', OBJECT_NAME_MAX));
		assert_true(inner >= -1 && inner < (int)o.nmaps);
		assert_true(inner < 0 || o.maps[inner].inner < 0);
	}
	for (size_t i = 0; i < o.nprograms; i++) {
		const struct object_program *p = &o.programs[i];

		assert_non_null(memchr(p->name, '\0', sizeof(p->name)));
		assert_non_null(memchr(p->target, '\0', sizeof(p->target)));
		assert_true(p->hook.kind < HOOK_KINDS);
		assert_ptr_equal(p->hook.function, p->name);
		assert_ptr_equal(p->hook.target, p->target);
		assert_in_range(p->ninsns, 1, OBJECT_INSNS_MAX);
		for (size_t r2 = 0; r2 < p->nrelocs; r2++) {
			assert_true(p->relocs[r2].insn + 1 < p->ninsns);
			assert_true(p->relocs[r2].map < o.nmaps);
		}
	}
	object_clear(&o);
}

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static char *rich_bytes(size_t *len)
{
	struct object o;
	char *bytes;

	make_rich(&o);
	bytes = written(&o, len);
	object_clear(&o);
	refused = taken = 0;
	return bytes;
}

static void test_truncated(void **state)
{
	size_t len;
	char *bytes = rich_bytes(&len);

	(void)state;
	for (size_t shorter = 0; shorter < len; shorter++) {
		char *cut = malloc(shorter ? shorter : 1);

		assert_non_null(cut);
		memcpy(cut, bytes, shorter);
		check_damaged(cut, shorter);
		free(cut);
	}
	/* The table of sections comes last: without all of it there is nothing. */
	assert_int_equal(taken, 0);
	free(bytes);
}

static void test_flipped(void **state)
{
	static const unsigned char flips[] = {
		0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff
	};
	size_t len;
	char *bytes = rich_bytes(&len);

	(void)state;
	for (size_t at = 0; at < len; at++) {
		for (size_t i = 0; i < COUNT(flips); i++) {
			bytes[at] ^= (char)flips[i];
			check_damaged(bytes, len);
			bytes[at] ^= (char)flips[i];
		}
	}
	assert_true(refused > 1000 && taken > 1000);
	check_damaged(bytes, len);
	free(bytes);
}

/* Several places at once, with values that tend to be edges. */
static void test_random(void **state)
{
	static const uint32_t edges[] = { 0,    1,    2,      3,          7,          8,
					  0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff };
	size_t len;
	char *bytes = rich_bytes(&len), *damaged = malloc(len);
	uint32_t seed = 11;

	(void)state;
	assert_non_null(damaged);
	for (int round = 0; round < 20000; round++) {
		uint32_t places = 1 + random_next(&seed) % 6;

		memcpy(damaged, bytes, len);
		for (uint32_t i = 0; i < places; i++) {
			uint32_t value = edges[random_next(&seed) % COUNT(edges)];
			size_t size = (size_t)1 << random_next(&seed) % 3;
			size_t at = (random_next(&seed) << 15 | random_next(&seed)) % (len - 3);

			memcpy(damaged + at, &value, size);
		}
		check_damaged(damaged, len);
	}
	free(damaged);
	free(bytes);
}

/* Every field of every section's header, to every edge. */
static void test_section_headers(void **state)
{
	static const uint64_t edges[] = { 0,          1,     2,          4,          8,
					  0x7f,       0xff,  0x7fffffff, 0xffffffff, 1ULL << 32,
					  1ULL << 63, ~0ULL, ~7ULL };
	size_t len;
	char *bytes = rich_bytes(&len);
	Elf64_Ehdr header;

	(void)state;
	memcpy(&header, bytes, sizeof(header));
	for (size_t at = header.e_shoff; at < len; at += 4) {
		for (size_t i = 0; i < 2 * COUNT(edges); i++) {
			size_t size = i & 1 && at + 8 <= len ? 8 : 4;
			char before[8];

			memcpy(before, bytes + at, size);
			memcpy(bytes + at, &edges[i / 2], size);
			check_damaged(bytes, len);
			memcpy(bytes + at, before, size);
		}
	}
	free(bytes);
}

/* Names without their end run into what follows: too long then, or another name. */
static void test_names_joined(void **state)
{
	struct object o;
	size_t len;
	char *bytes;

	(void)state;
	make_full(&o, 48);
	bytes = written(&o, &len);
	object_clear(&o);
	refused = taken = 0;
	for (size_t at = 1; at < len; at++) {
		if (bytes[at] || bytes[at - 1] < 'A')
			continue;
		bytes[at] = 'x';
		check_damaged(bytes, len);
		bytes[at] = '\0';
	}
	assert_true(refused > OBJECT_PROGRAMS_MAX);
	free(bytes);
}

/* A reference, in an object that is otherwise whole, to what is not there or is no load of an
 * address. */
static void check_bad_reloc(uint32_t insn, uint32_t map)
{
	struct object o;
	size_t len;
	char *bytes;

	make_rich(&o);
	/* The last slot holds the first half of a load that has no second. */
	o.programs[2].insns[o.programs[2].ninsns - 1] = load_map_insn();
	o.programs[2].relocs[1] = (struct object_reloc){ insn, map };
	bytes = written(&o, &len);
	refused = 0;
	check_damaged(bytes, len);
	assert_int_equal(refused, 1);
	free(bytes);
	object_clear(&o);
}

static void test_bad_relocs(void **state)
{
	(void)state;
	check_bad_reloc(299, 0);
	check_bad_reloc(300, 0);
	check_bad_reloc(UINT32_MAX, 0);
	check_bad_reloc(1, 0);  /* a second half */
	check_bad_reloc(10, 0); /* another instruction */
	check_bad_reloc(3, 6);  /* a program's symbol */
	check_bad_reloc(3, 100);
	check_bad_reloc(3, UINT32_MAX - 1);
}

/* The template of a template is none: no map of maps of maps can be made. */
static void test_template_chain(void **state)
{
	struct error err = ERROR_INIT;
	struct object o = { .nmaps = 0 }, back;
	size_t len;
	char *bytes;

	(void)state;
	add_map(&o, "inner", BPF_MAP_TYPE_HASH, 4, 4, 1, 0, -1);
	add_map(&o, "middle", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 0, 0);
	add_map(&o, "outer", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 0, 1);
	bytes = written(&o, &len);
	assert_int_equal(object_read(&back, bytes, len, &err), 0);
	assert_int_equal(back.maps[1].inner, 0);
	assert_int_equal(back.maps[2].inner, -1);
	object_clear(&back);
	free(bytes);
}

/* A list of more maps than there is room for. */
static void test_many_maps(void **state)
{
	struct error err = ERROR_INIT;
	struct object *o = calloc(1, sizeof(*o));
	struct btf *btf = btf__new_empty();

	(void)state;
	assert_true(o && btf);
	assert_true(btf__add_datasec(btf, ".maps", 64 * OBJECT_BTF_MAP_SIZE) > 0);
	for (int i = 0; i <= OBJECT_MAPS_MAX; i++)
		assert_int_equal(btf__add_datasec_var_info(btf, 1,
							   (uint32_t)i * OBJECT_BTF_MAP_SIZE,
							   OBJECT_BTF_MAP_SIZE),
				 0);
	assert_int_equal(object_btf_read(o, btf, &err), -EINVAL);
	assert_non_null(strstr(err.text, "too many maps"));
	error_clear(&err);
	btf__free(btf);
	free(o);
}

/* Well-formed, and still not one of ours. */
static void test_foreign(void **state)
{
	size_t len;
	char *bytes = rich_bytes(&len);
	Elf64_Ehdr header;

	(void)state;
	check_damaged("", 0);
	check_damaged("\177ELF", 4);
	check_damaged("!<arch>\n", 8);
	memcpy(&header, bytes, sizeof(header));
	header.e_machine = EM_X86_64;
	memcpy(bytes, &header, sizeof(header));
	check_damaged(bytes, len);
	header.e_machine = EM_BPF;
	header.e_ident[EI_CLASS] = ELFCLASS32;
	memcpy(bytes, &header, sizeof(header));
	check_damaged(bytes, len);
	assert_int_equal(taken, 0);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),      cmocka_unit_test(test_no_maps),
		cmocka_unit_test(test_no_programs),     cmocka_unit_test(test_full),
		cmocka_unit_test(test_find_map),        cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_libbpf),          cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_flipped),         cmocka_unit_test(test_random),
		cmocka_unit_test(test_section_headers), cmocka_unit_test(test_names_joined),
		cmocka_unit_test(test_bad_relocs),      cmocka_unit_test(test_template_chain),
		cmocka_unit_test(test_many_maps),       cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_long_names),
	};

	libbpf_set_print(silent);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
