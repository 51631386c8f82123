/* SPDX-License-Identifier: MIT */
/*
 * Object to kernel: makes its maps, loads its programs, attaches them to their hooks, and undoes
 * all of it in reverse.
 *
 * Everything made is a descriptor of this process, so the kernel undoes it even after SIGKILL. Maps
 * and programs go through libbpf's wrappers of bpf(2), because libbcc's bcc_prog_load() cannot name
 * a BTF-typed hook and prints messages itself. Perf-based hooks are attached by libbcc: attach.h.
 */
#ifndef LOADER_H
#define LOADER_H

#include <stdint.h>
#include <stdio.h>

#include "btf.h"
#include "error.h"
#include "object.h"
#include "program_text.h"

/** struct loaded - an object in the kernel */
struct loaded;

/**
 * struct loader_stats - cost of one program, as the kernel counts it
 * @hook:   its hook's display name
 * @insns:  instructions before the verifier and the JIT change them
 * @runs:   runs while statistics were on; see loader_enable_stats()
 * @run_ns: time of these runs in ns
 * @missed: runs that the kernel skipped because a program was already running on that CPU; 0 before
 *          Linux 5.12
 */
struct loader_stats {
	char hook[HOOK_NAME_MAX];
	unsigned insns;
	uint64_t runs;
	uint64_t run_ns;
	uint64_t missed;
};

/**
 * loader_load() - make the maps and load the programs; nothing runs before loader_attach()
 * @loadedp:    result; release with loader_unload()
 * @object:     borrowed until loader_unload(); map descriptors and parameters are written into its
 *              instructions
 * @parameters: values of PARAMETER(n) in the programs; NULL if there are none
 * @btf:        the kernel's types; NULL if no program has a BTF-typed hook
 * @log:        stream for the verifier's log of every program, also of accepted ones; or NULL
 * @err:        if a program is rejected, the detail holds the end of the verifier's log
 *
 * Return: 0 or a negative errno.
 */
int loader_load(struct loaded **loadedp, const struct object *object,
		const struct parameters *parameters, const struct btf_kernel *btf, FILE *log,
		struct error *err);

/**
 * loader_attach() - attach every program, in the object's order
 * @tracefs: descriptor of the root of tracefs, borrowed; if negative, only classic tracepoints
 *           fail
 *
 * Return: 0, or a negative errno with every program detached again.
 */
int loader_attach(struct loaded *loaded, int tracefs, struct error *err);

/** loader_detach() - detach every program, last attached first. Maps stay readable. */
void loader_detach(struct loaded *loaded);

/** loader_unload() - detach, unload and free everything; NULL is allowed. */
void loader_unload(struct loaded *loaded);

/**
 * loader_map() - descriptor of a map
 * @name:       in the program
 * @key_size:   in bytes, as the caller reads or writes them
 * @value_size: the same; for a map with a value for each CPU, of one of these
 *
 * The kernel copies as many bytes as a map's keys and values have, and their sizes come from the
 * compiler, which is not trusted.
 *
 * Return: a descriptor, borrowed until loader_unload(); -ENOENT if the program has no such map;
 * -EINVAL if its sizes are others.
 */
int loader_map(const struct loaded *loaded, const char *name, size_t key_size, size_t value_size);

/** loader_map_of_any_size() - the same for a map whose keys and values the caller leaves alone */
int loader_map_of_any_size(const struct loaded *loaded, const char *name);

/**
 * loader_new_map() - make another map like the one called @name, empty
 *
 * Return: a descriptor, for the caller to close; or a negative errno.
 */
int loader_new_map(const struct loaded *loaded, const char *name, struct error *err);

/**
 * loader_enable_stats() - have the kernel count and time the runs of all programs (Linux 5.8)
 *
 * Return: a descriptor that ends it when the caller closes it; or a negative errno.
 */
int loader_enable_stats(void);

/**
 * loader_stats() - cost of program number @i of the object
 * @stats: result
 *
 * Return: 0 or a negative errno.
 */
int loader_stats(const struct loaded *loaded, size_t i, struct loader_stats *stats);

/**
 * loader_missed() - how many times the kernel skipped a program, over all programs
 * @auxiliary: targets or functions whose skipped runs lose no event, ended by NULL; they are left
 *             out. May be NULL
 * @missed:    result; with the calls that a kretprobe skipped, where the kernel tells (Linux 6.7)
 *
 * Return: 0, or a negative errno if the kernel's counters could not be read.
 */
int loader_missed(const struct loaded *loaded, const char *const *auxiliary, uint64_t *missed);

#endif
