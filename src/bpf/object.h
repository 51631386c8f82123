/* SPDX-License-Identifier: MIT */
/*
 * A compiled program as data: maps, instructions, and which instruction refers to which map.
 *
 * Outside memory it is an ordinary BPF ELF object with BTF-defined maps, as clang and libbpf make
 * and read them: llvm-objdump disassembles it, bpftool and libbpf load it. object_read() trusts
 * nothing.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "hook.h"

enum {
	OBJECT_MAPS_MAX = 16,
	OBJECT_PROGRAMS_MAX = 32,
	OBJECT_NAME_MAX = 64,
	OBJECT_INSNS_MAX = 1000000, /* the kernel's own limit since 5.2 */
};

/**
 * struct object_map - a map to be made
 * @key_size, @value_size: bytes
 * @max_entries: 0 leaves the size to the loader (a perf buffer array: one entry per possible CPU)
 * @flags: BPF_F_*
 * @inner: index of the map that serves as the template of a map of maps' values; -1 otherwise
 */
struct object_map {
	char name[OBJECT_NAME_MAX];
	uint32_t type;
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t flags;
	int inner;
};

/** struct object_reloc - instruction number @insn loads the address of map number @map */
struct object_reloc {
	uint32_t insn;
	uint32_t map;
};

/**
 * struct object_program - instructions and the hook they run at
 * @name:   the C function's name
 * @target: see struct hook
 * @hook:   points into @name and @target, so the struct must not be copied or moved
 *
 * Fill the first three with object_set_hook().
 */
struct object_program {
	char name[OBJECT_NAME_MAX];
	char target[HOOK_NAME_MAX];
	struct hook hook;
	struct bpf_insn *insns;
	size_t ninsns;
	struct object_reloc *relocs;
	size_t nrelocs;
};

struct object {
	struct object_map maps[OBJECT_MAPS_MAX];
	size_t nmaps;
	struct object_program programs[OBJECT_PROGRAMS_MAX];
	size_t nprograms;
};

/**
 * object_set_hook() - copy @hook and its texts into @program
 * Return: 0; -ENAMETOOLONG, and @program is unchanged.
 */
int object_set_hook(struct object_program *program, const struct hook *hook);

/** object_clear() - free what the object holds; the struct itself is the caller's. */
void object_clear(struct object *object);

/** object_map() - index of the map called @name. Return: -ENOENT when there is none. */
int object_map(const struct object *object, const char *name);

/**
 * object_write() - as a BPF ELF object
 * @fd: written from offset 0; a memfd or a regular file
 * Return: 0 or negative errno.
 */
int object_write(const struct object *object, int fd, struct error *err);

/**
 * object_read() - from a BPF ELF object
 * @object: filled; release with object_clear()
 * @data:   bytes, not necessarily ours: every offset, index and size in them is checked
 * Return: 0, -EINVAL (not such an object), -ENOMEM.
 */
int object_read(struct object *object, const void *data, size_t len, struct error *err);

#endif
