/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests that load programs into this kernel: objects of a few instructions.
 *
 * Without the right to load programs, the tests are skipped.
 */
#ifndef LOADING_H
#define LOADING_H

#include <bpf/bpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"
#include "permission.h"
#include "unit.h"

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

static inline void add_map(struct object *o, const char *name, uint32_t type, uint32_t key,
			   uint32_t value, uint32_t entries, int inner)
{
	struct object_map *map = &o->maps[o->nmaps++];

	*map = (struct object_map){ .type = type,
				    .key_size = key,
				    .value_size = value,
				    .max_entries = entries,
				    .inner = inner };
	snprintf(map->name, sizeof(map->name), "%s", name);
}

static inline void add_program(struct object *o, const char *name, const char *section,
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

/* Loading @o fails with this code and these texts, and leaves no descriptor open. @o is cleared. */
static inline void check_refused(struct object *o, int code, const char *text, const char *hint,
				 const char *detail)
{
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	size_t fds = open_descriptors();
	int r = loader_load(&loaded, o, NULL, NULL, NULL, &err);

	if (r != code || err.code != code || !strstr(err.text, text) || !strstr(err.hint, hint) ||
	    (detail && (!err.detail || !strstr(err.detail, detail))))
		fail_msg("%d: %s; %s\n%s", r, err.text, err.hint, err.detail ? err.detail : "");
	assert_null(loaded);
	assert_int_equal(open_descriptors(), fds);
	error_clear(&err);
	object_clear(o);
}

/* Return: false, after printing the reason, if this process cannot load programs. */
static inline bool may_load(void)
{
	struct error err = ERROR_INIT;
	int map;

	if (permission_to_load(&err) < 0) {
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

#endif
