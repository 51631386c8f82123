/* SPDX-License-Identifier: MIT */
/*
 * What the running kernel is and offers: its version, its types, tracefs, and the limits that sizes
 * of maps follow from. A plan reads these facts once, from one struct kernel, so every part of a
 * run sees the same kernel.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf_features.h"
#include "btf.h"
#include "error.h"
#include "found_offsets.h"

#define KERNEL_VERSION_OF(major, minor) ((unsigned)(major) << 8 | (minor))

/**
 * struct kernel - the running kernel
 * @release:   as uname(2) gives it
 * @version:   KERNEL_VERSION_OF(); only for behaviour that cannot be tested for
 * @btf:       its types; NULL when there are none
 * @btf_lacks: negative errno that says why @btf is NULL
 * @lacks:     bits of enum bpf_feature: what of BPF it does not have
 * @found:     what is known of its structures without types; NULL when there are types
 * @tracefs:   descriptor of the root of tracefs; negative when it cannot be opened
 */
struct kernel {
	char release[65];
	unsigned version;
	struct btf_kernel *btf;
	int btf_lacks;
	unsigned lacks;
	struct found_offsets *found;
	int tracefs;
};

/**
 * kernel_open() - collect the facts
 * @kernel:    filled; release with kernel_close()
 * @use_cache: see btf_kernel_open()
 * @err:       filled on failure
 *
 * A kernel without BTF or tracefs is no failure.
 *
 * Return: 0 or negative errno.
 */
int kernel_open(struct kernel *kernel, bool use_cache, struct error *err);

/** kernel_close() - release what kernel_open() filled. */
void kernel_close(struct kernel *kernel);

/**
 * kernel_version_code() - the running kernel's LINUX_VERSION_CODE
 *
 * Before 5.0 programs of kprobes must say which version they are for. Debian and Ubuntu name their
 * kernels by another version, and tell the true one elsewhere.
 */
uint32_t kernel_version_code(void);

/**
 * kernel_btf_failed() - does the kernel have types that could not be read?
 * @kernel: from kernel_open()
 * @err:    filled on failure
 *
 * If so, a plan that was made from them is wrong. A kernel without BTF, and types that this user
 * may not read, are no failure.
 *
 * Return: 0 or negative errno.
 */
int kernel_btf_failed(const struct kernel *kernel, struct error *err);

/**
 * kernel_offset() - where a member of a structure lies: btf_offset(), or without BTF found_offset()
 *
 * Return: offset in bytes, or negative errno.
 */
int kernel_offset(const struct kernel *kernel, const char *type, const char *member,
		  struct error *err);

/**
 * kernel_types_hooks() - does the verifier know the types of raw tracepoints' arguments?
 *
 * If not, the programs that would attach there are of another type, which sees the same events and
 * copies what its arguments point to.
 */
bool kernel_types_hooks(const struct kernel *kernel);

/**
 * kernel_has_kprobes() - does the kernel have kprobes with the perf interface (4.17)?
 *
 * The older interface through tracefs is not used, because a killed process leaves its probes
 * behind there.
 */
bool kernel_has_kprobes(void);

/**
 * kernel_swaps_wait() - does an update of a map of maps wait for the programs that run (4.20)?
 *
 * No trial can tell, so the version does. Where it was backported, waiting twice does no harm.
 */
bool kernel_swaps_wait(const struct kernel *kernel);

/** kernel_processes_max() - how many processes and threads can exist at the same time. */
uint32_t kernel_processes_max(void);

/**
 * kernel_unfreed_max() - how many tasks can exist that the kernel has not freed yet
 *
 * That is kernel_processes_max() alive, and as many that have ended and are not freed; but never
 * more than there are process ids.
 */
uint32_t kernel_unfreed_max(void);

/**
 * kernel_map_capacity() - number of entries for a map that more CPUs fill faster
 * @least: the result is at least this
 * @each:  entries for each possible CPU
 */
uint32_t kernel_map_capacity(uint32_t least, uint32_t each);

/** kernel_pid_namespace() - inode number of this PID namespace; 0 for the initial one. */
uint32_t kernel_pid_namespace(void);

/**
 * kernel_count_cpus() - check that the number of possible CPUs can be read
 *
 * libbpf reads it once and keeps it, so libbpf_num_possible_cpus() cannot fail after this.
 *
 * Return: 0 or negative errno.
 */
int kernel_count_cpus(struct error *err);

#endif
