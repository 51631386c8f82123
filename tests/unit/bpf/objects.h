/* SPDX-License-Identifier: MIT */
/* Fixture for tests of objects: objects made by hand, and their files. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "object.h"
#include "unit.h"

static inline struct bpf_insn load_map_insn(void)
{
	return (struct bpf_insn){ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1 };
}

static inline void add_map(struct object *o, const char *name, uint32_t type, uint32_t key,
			   uint32_t value, uint32_t entries, uint32_t flags, int inner)
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

/*
 * A program of @ninsns instructions, all different, that loads the address of each of the first
 * @nmaps maps.
 */
static inline void add_program(struct object *o, const char *name, const char *section,
			       size_t ninsns, size_t nmaps)
{
	struct object_program *p = &o->programs[o->nprograms++];
	struct hook hook = { .function = name };

	assert_true(ninsns >= 3 * nmaps);
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

/* An object with every feature: inner maps before and after their map of maps, flags, and so on. */
static inline void make_rich(struct object *o)
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

/* Return: the file, on the heap without spare bytes, so that a sanitizer catches reads beyond. */
static inline char *written(const struct object *o, size_t *len)
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

/* Names are one letter repeated, a different one for each program and never a slash. */
#define FIRST_LETTER 'A'
_Static_assert(FIRST_LETTER + OBJECT_PROGRAMS_MAX <= 127, "a letter for each program");

/* As many maps and programs as an object can have, with the longest names. */
static inline void make_full(struct object *o, size_t ninsns)
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

#endif
