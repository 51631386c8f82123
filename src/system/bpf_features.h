/* SPDX-License-Identifier: MIT */
/*
 * Which parts of BPF the running kernel lacks that a run may need: helpers, program types and map
 * types that came between Linux 4.9 and 5.10. Each is found out by a trial, because distributions
 * bring new parts to old kernels. The kernel's types, whose answers are kept for later runs, tell
 * most kernels that have everything; on others a single trial does.
 */
#ifndef BPF_FEATURES_H
#define BPF_FEATURES_H

#include <stddef.h>

#include "btf.h"

/** enum bpf_feature - bits */
enum bpf_feature {
	BPF_READS_KERNEL = 1 << 0,    /* bpf_probe_read_kernel() and its like (5.5) */
	BPF_BATCHES = 1 << 1,         /* hash tables read in batches (5.6) */
	BPF_LARGE_PROGRAMS = 1 << 2,  /* more than 4096 instructions (5.2) */
	BPF_CGROUP_IDS = 1 << 3,      /* bpf_get_current_cgroup_id() (4.18) */
	BPF_RAW_TRACEPOINTS = 1 << 4, /* programs of that type (4.17) */
	BPF_MAPS_OF_MAPS = 1 << 5,    /* arrays of maps (4.12) */
	BPF_READS_TEXT = 1 << 6,      /* bpf_probe_read_str() (4.11) */
	BPF_LRU = 1 << 7,             /* hash tables that forget the oldest entry (4.10) */
	BPF_LOOPS = 1 << 8,           /* loops whose end the verifier sees (5.3) */
	BPF_TYPED_HOOKS = 1 << 9,     /* raw tracepoints with types, if there is BTF (5.5) */
};

/**
 * bpf_features_lacking() - find out what this kernel lacks
 * @btf:     the kernel's types; NULL if it has none
 * @version: of the kernel, KERNEL_VERSION_OF(); believed by a process that may not try, because it
 *           may not load programs
 *
 * Return: bits of enum bpf_feature.
 */
unsigned bpf_features_lacking(const struct btf_kernel *btf, unsigned version);

/**
 * bpf_features_before() - the version in which the first of these came
 * @features: bits of enum bpf_feature, at least one
 *
 * Return: KERNEL_VERSION_OF().
 */
unsigned bpf_features_before(unsigned features);

/**
 * bpf_features_names() - "reading in batches (5.6), large programs (5.2)", cut at @size bytes
 * @features: bits of enum bpf_feature
 *
 * Return: @buf.
 */
const char *bpf_features_names(unsigned features, char *buf, size_t size);

#endif
