/* SPDX-License-Identifier: MIT */
/* What the running kernel is and offers. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "btf.h"
#include "error.h"

#define KERNEL_VERSION_OF(major, minor) ((unsigned)(major) << 8 | (minor))

/**
 * struct kernel
 * @release: of uname(2)
 * @version: KERNEL_VERSION_OF(); only for behaviour that cannot be asked for
 * @btf:     its types; NULL when it has none
 * @btf_lacks: negative errno: why there are none
 * @tracefs: descriptor of the root of tracefs; negative errno when it cannot be had
 */
struct kernel {
	char release[65];
	unsigned version;
	struct btf_kernel *btf;
	int btf_lacks;
	int tracefs;
};

/** kernel_open() - look around; lacking BTF or tracefs is no failure. @use_cache: see
 * btf_kernel_open(). */
int kernel_open(struct kernel *kernel, bool use_cache, struct error *err);

void kernel_close(struct kernel *kernel);

/**
 * kernel_btf_failed() - the kernel has types, and they could not be read: what a plan learnt from
 * them is wrong Return: 0, or negative errno.
 */
int kernel_btf_failed(const struct kernel *kernel, struct error *err);

/** kernel_has_kprobes() - are they compiled in, with the perf interface that cannot leave one
 * behind? */
bool kernel_has_kprobes(void);

/** kernel_processes_max() - most processes and threads this machine can have at once. */
uint32_t kernel_processes_max(void);

/** kernel_unfreed_max() - as many, and as many again that are dead and not freed; but not more than
 * there are ids. */
uint32_t kernel_unfreed_max(void);

/** kernel_room() - entries of a table that more CPUs fill faster: @each for each possible CPU, and
 * @least at least. */
uint32_t kernel_room(uint32_t least, uint32_t each);

/** kernel_pid_namespace() - inode number of this process's PID namespace; 0 for the initial one. */
uint32_t kernel_pid_namespace(void);

/** kernel_count_cpus() - make sure that the number of possible CPUs can be had. Return: 0, or
 * negative errno. */
int kernel_count_cpus(struct error *err);

#endif
