/* SPDX-License-Identifier: MIT */
/*
 * A compiled program as data: maps, instructions, hooks, and which instruction refers to which map.
 *
 * Between processes and in the cache it is an ordinary BPF ELF file with BTF-defined maps, as clang
 * writes and libbpf reads them: llvm-objdump disassembles it, bpftool and libbpf load it. The file
 * may come from a compromised compiler, so object_read() checks everything in it.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "hook.h"

enum {
	OBJECT_MAPS_MAX = 20,
	OBJECT_PROGRAMS_MAX = 32,
	OBJECT_NAME_MAX = 64,       /* bytes of a map's or function's name, with the final NUL */
	OBJECT_INSNS_MAX = 1000000, /* of a program; the kernel's own limit since Linux 5.2 */
};

/**
 * struct object_map - a map to be made
 * @name:                  in the program; the kernel gets its first 15 bytes
 * @type:                  BPF_MAP_TYPE_*
 * @key_size, @value_size: in bytes
 * @max_entries:           0 for one entry per possible CPU (a perf event array)
 * @flags:                 BPF_F_*
 * @inner:                 in a map of maps, the index of the map that its values are made like;
 *                         otherwise -1
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
 * @name:             the C function's name
 * @target:           see struct hook
 * @hook:             points into @name and @target, so the struct must not be copied or moved
 * @insns, @ninsns:   on the heap
 * @relocs, @nrelocs: on the heap
 *
 * object_set_hook() fills the first three.
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
 *
 * Return: 0, or -ENAMETOOLONG with @program unchanged.
 */
int object_set_hook(struct object_program *program, const struct hook *hook);

/** object_clear() - free what the object holds; the struct itself is the caller's. */
void object_clear(struct object *object);

/**
 * object_map() - find the map called @name
 *
 * Return: its index in @object->maps, or -ENOENT.
 */
int object_map(const struct object *object, const char *name);

/**
 * object_write() - write an object as a BPF ELF file
 * @fd: written from offset 0; a memfd or a regular file
 *
 * Return: 0 or a negative errno.
 */
int object_write(const struct object *object, int fd, struct error *err);

/**
 * object_read() - read an object from the bytes of a BPF ELF file
 * @object: filled; release with object_clear(). Empty after a failure
 * @data:   any bytes: every offset, index and size in them is checked
 * @len:    of @data in bytes
 *
 * Return: 0; -EINVAL if it is not such a file; -ENOMEM.
 */
int object_read(struct object *object, const void *data, size_t len, struct error *err);

#endif
