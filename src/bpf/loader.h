/* SPDX-License-Identifier: MIT */
/*
 * Object to kernel: maps made, programs verified, hooks attached, and all of it undone in reverse.
 *
 * Maps and programs go through libbpf's thin wrappers of bpf(2) (bcc_prog_load() cannot name a BTF
 * hook and prints what it should return); attaching is libbcc's. Everything made is a descriptor of
 * this process, so after SIGKILL the kernel undoes it too.
 */
#ifndef LOADER_H
#define LOADER_H

#include <stdint.h>

#include "btf.h"
#include "error.h"
#include "object.h"
#include "program_text.h"

struct loaded;

/**
 * struct load_stats - what one program has cost, from the kernel
 * @runs, @run_ns: counted only while statistics are on, see load_enable_stats()
 * @missed:        times the kernel skipped it because one was already running on the CPU (5.12+)
 */
struct load_stats {
	char hook[HOOK_NAME_MAX];
	unsigned insns;
	uint64_t runs;
	uint64_t run_ns;
	uint64_t missed;
};

/**
 * load() - make the maps and load the programs; nothing runs yet
 * @loadedp: result; release with unload()
 * @object:  borrowed until unload()
 * @parameters: what PARAMETER(n) stands for in the programs; NULL: nothing
 * @btf:     the kernel's types; NULL when no program has a BTF-typed hook
 * @log:     where the verifier's log of every program goes, also when it is accepted; or NULL
 * @err:     on a refused program, detail holds the end of the verifier's own words
 */
int load(struct loaded **loadedp, const struct object *object, const struct parameters *parameters,
	 const struct btf_kernel *btf, FILE *log, struct error *err);

/**
 * load_attach() - attach every program, in the object's order
 * @tracefs: root of tracefs for classic tracepoints, or -1
 * Return: 0, or negative errno with everything detached again.
 */
int load_attach(struct loaded *loaded, int tracefs, struct error *err);

/** load_detach() - detach every program, last attached first. Maps stay readable. */
void load_detach(struct loaded *loaded);

/** unload() - detach, unload and free. NULL is fine. */
void unload(struct loaded *loaded);

/** load_map() - descriptor of the map called @name, borrowed. Return: -ENOENT when there is none.
 */
int load_map(const struct loaded *loaded, const char *name);

/** load_object() - what was loaded. */
const struct object *load_object(const struct loaded *loaded);

/** load_new_map() - another map like the one called @name, empty. Return: descriptor the caller
 * closes, or negative errno. */
int load_new_map(const struct loaded *loaded, const char *name, struct error *err);

/** load_enable_stats() - have the kernel time programs (5.8+). Return: descriptor to close when
 * done, or negative errno. */
int load_enable_stats(void);

/** load_stats() - of program number @i. Return: 0 or negative errno. */
int load_stats(const struct loaded *loaded, size_t i, struct load_stats *stats);

/**
 * load_missed() - events the kernel skipped a program for: the sum over all programs. A kretprobe
 * that had no room for a call counts where the kernel tells (6.7+)
 * @auxiliary: names of targets or functions, ended by NULL: what is skipped there loses no event;
 * may be NULL Return: 0, or negative errno: what the kernel counts could not be read.
 */
int load_missed(const struct loaded *loaded, const char *const *auxiliary, uint64_t *missed);

#endif
