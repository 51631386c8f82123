/* SPDX-License-Identifier: MIT */
/*
 * Damaged objects: reading one fails, or gives an object that is safe to use. Meant to be run under
 * AddressSanitizer, too.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "object_btf.h"
#include "objects.h"

/* Results of check_damaged(). */
static size_t refused, taken;

/* Any bytes give an error, or an object whose every value is within its bounds. */
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
	/* The table of sections comes last, so every shorter file lacks some of it. */
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

/* Several places at once, with values at the edges of types. */
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

/* Every field of every section's header, set to every edge. */
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

/* A name without its final NUL is longer: too long, or another name. */
static void test_names_joined(void **state)
{
	struct object o;
	size_t len;
	char *bytes;

	(void)state;
	make_full(&o, 3 * OBJECT_MAPS_MAX);
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

/* A relocation of something that is no load of an address, or to a map that does not exist. */
static void check_bad_reloc(uint32_t insn, uint32_t map)
{
	struct object o;
	size_t len;
	char *bytes;

	make_rich(&o);
	/* The last slot holds the first half of a load without a second. */
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

/* The kernel makes no map of maps of maps, so an inner map of an inner map is ignored. */
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

/* Well-formed files of other kinds. */
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

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),      cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_random),         cmocka_unit_test(test_section_headers),
		cmocka_unit_test(test_names_joined),   cmocka_unit_test(test_bad_relocs),
		cmocka_unit_test(test_template_chain), cmocka_unit_test(test_many_maps),
		cmocka_unit_test(test_foreign),
	};

	libbpf_set_print(silent); /* it prints each piece of damage */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
