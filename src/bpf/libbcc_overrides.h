/* SPDX-License-Identifier: MIT */
/*
 * Four functions of libbcc that this process defines itself, so that a compile makes no maps.
 *
 * libbcc creates a program's maps while it compiles, which takes privilege, and writes their
 * descriptors into the instructions. The definition here only records what libbcc asks for and
 * returns a descriptor that refers to nothing useful. Its number marks the instructions that use
 * the map; libbcc_overrides_map() translates it back.
 *
 * libbcc also reads all of /proc/kallsyms in each compile, only to learn whether the kernel has
 * bpf_probe_read_kernel(). Every supported kernel has it (Linux 5.5), so the definitions here
 * answer yes. That saves three quarters of the time of a compile.
 *
 * libbcc, opened with dlopen(), finds these definitions because the executable comes first in the
 * search order. The executable must export them: see `interposed` in the top meson.build. No
 * header declares them here: <bcc/libbpf.h> and <bcc/bcc_syms.h> do.
 */
#ifndef LIBBCC_OVERRIDES_H
#define LIBBCC_OVERRIDES_H

#include <stddef.h>

#include "object.h"

/**
 * libbcc_overrides_maps() - maps that libbcc has asked for in this process, in that order
 * @mapsp: result: at most OBJECT_MAPS_MAX maps, borrowed; libbcc is told of a failure beyond that
 *
 * Return: their number.
 */
size_t libbcc_overrides_maps(const struct object_map **mapsp);

/**
 * libbcc_overrides_map() - index of the map that libbcc got descriptor @fd for
 *
 * Return: an index into libbcc_overrides_maps(), or -ENOENT.
 */
int libbcc_overrides_map(int fd);

#endif
