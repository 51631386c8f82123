/* SPDX-License-Identifier: MIT */
/* Which parts of BPF the running kernel lacks. See bpf_features.h. */
#define _GNU_SOURCE
#include "bpf_features.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cleanup.h"
#include "kernel.h"
#include "permission.h"

enum {
	INSNS_MAX_OF_OLD = 4096, /* before Linux 5.2 */
};

#define MOVE(to, from)                                                                             \
	{                                                                                          \
		.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = (from)            \
	}
#define SET(to, value)                                                                             \
	{                                                                                          \
		.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (to), .imm = (value)               \
	}
#define CALL(helper)                                                                               \
	{                                                                                          \
		.code = BPF_JMP | BPF_CALL, .imm = (helper)                                        \
	}
#define EXIT                                                                                       \
	{                                                                                          \
		.code = BPF_JMP | BPF_EXIT                                                         \
	}

static bool loads(enum bpf_prog_type type, const struct bpf_insn *insns, size_t count)
{
	cleanup_close int fd = bpf_prog_load(type, "trial", "GPL", insns, count, NULL);

	return fd >= 0;
}

/* A helper that copies 8 bytes to the stack. */
static bool has_reader(int helper)
{
	const struct bpf_insn insns[] = {
		MOVE(BPF_REG_1, BPF_REG_10),
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = -8 },
		SET(BPF_REG_2, 8),
		SET(BPF_REG_3, 0),
		CALL(helper),
		SET(BPF_REG_0, 0),
		EXIT,
	};

	return loads(BPF_PROG_TYPE_TRACEPOINT, insns, array_size(insns));
}

/* A helper without arguments. */
static bool has_getter(int helper)
{
	const struct bpf_insn insns[] = { CALL(helper), SET(BPF_REG_0, 0), EXIT };

	return loads(BPF_PROG_TYPE_TRACEPOINT, insns, array_size(insns));
}

static bool reads_kernel(void)
{
	return has_reader(BPF_FUNC_probe_read_kernel);
}

static bool reads_text(void)
{
	return has_reader(BPF_FUNC_probe_read_str);
}

static bool has_cgroup_ids(void)
{
	return has_getter(BPF_FUNC_get_current_cgroup_id);
}

static bool loads_large(void)
{
	struct bpf_insn insns[INSNS_MAX_OF_OLD + 2];

	for (size_t i = 0; i < array_size(insns); i++)
		insns[i] = (struct bpf_insn)SET(BPF_REG_0, 0);
	insns[array_size(insns) - 1] = (struct bpf_insn)EXIT;
	return loads(BPF_PROG_TYPE_TRACEPOINT, insns, array_size(insns));
}

static bool loads_loops(void)
{
	const struct bpf_insn insns[] = {
		SET(BPF_REG_0, 3),
		{ .code = BPF_ALU64 | BPF_SUB | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = BPF_REG_0, .off = -2, .imm = 0 },
		EXIT,
	};

	return loads(BPF_PROG_TYPE_TRACEPOINT, insns, array_size(insns));
}

static bool has_raw_tracepoints(void)
{
	const struct bpf_insn insns[] = { SET(BPF_REG_0, 0), EXIT };

	return loads(BPF_PROG_TYPE_RAW_TRACEPOINT, insns, array_size(insns));
}

static bool has_lru(void)
{
	cleanup_close int map = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "trial", 4, 4, 1, NULL);

	return map >= 0;
}

static bool has_maps_of_maps(void)
{
	cleanup_close int map = bpf_map_create(BPF_MAP_TYPE_HASH, "trial", 4, 4, 1, NULL);
	LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = (unsigned)map);
	cleanup_close int outer =
		map < 0 ? -1 : bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "trial", 4, 4, 1, &opts);

	return outer >= 0;
}

/* The table is empty, which a kernel with batches says by ENOENT. */
static bool has_batches(void)
{
	cleanup_close int map = bpf_map_create(BPF_MAP_TYPE_HASH, "trial", 4, 4, 1, NULL);
	uint32_t key, value, count = 1, token;

	return map >= 0 &&
	       bpf_map_lookup_batch(map, NULL, &token, &key, &value, &count, NULL) == -ENOENT;
}

/*
 * @since: major and minor version, which also serve where no trial is possible
 */
static const struct {
	enum bpf_feature feature;
	unsigned char since[2];
	const char *name;
	bool (*is_there)(void);
} features[] = {
	{ BPF_BATCHES, { 5, 6 }, "reading maps in batches", has_batches },
	{ BPF_READS_KERNEL, { 5, 5 }, "bpf_probe_read_kernel()", reads_kernel },
	{ BPF_LOOPS, { 5, 3 }, "loops", loads_loops },
	{ BPF_LARGE_PROGRAMS, { 5, 2 }, "programs of more than 4096 instructions", loads_large },
	{ BPF_CGROUP_IDS, { 4, 18 }, "bpf_get_current_cgroup_id()", has_cgroup_ids },
	{ BPF_RAW_TRACEPOINTS, { 4, 17 }, "raw tracepoints", has_raw_tracepoints },
	{ BPF_MAPS_OF_MAPS, { 4, 12 }, "maps of maps", has_maps_of_maps },
	{ BPF_READS_TEXT, { 4, 11 }, "bpf_probe_read_str()", reads_text },
	{ BPF_LRU, { 4, 10 }, "LRU maps", has_lru },
};

/* Programs of the types that the kernel's BTF gives to raw tracepoints. */
static bool has_typed_hooks(const struct btf_kernel *btf)
{
	const struct bpf_insn insns[] = { SET(BPF_REG_0, 0), EXIT };
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_RAW_TP);
	cleanup_close int fd = -1;
	int id = btf_id(btf, "btf_trace_sys_exit");

	if (id < 0)
		return false;
	opts.attach_btf_id = (unsigned)id;
	fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "trial", "GPL", insns, array_size(insns), &opts);
	return fd >= 0;
}

static bool may_try(void)
{
	struct error ignored = ERROR_INIT;
	/* Under confidentiality lockdown the verifier rejects helpers that it has. */
	bool may = permission_to_load(&ignored) == 0 && !permission_is_confidential();

	error_clear(&ignored);
	return may;
}

unsigned bpf_features_lacking(const struct btf_kernel *btf, unsigned version)
{
	bool tries;
	unsigned lacking = 0;

	/* 5.11. Every plan asks for this helper, so its answer is kept in any case. */
	if (btf_has(btf, "bpf_get_current_task_btf"))
		return 0;
	tries = may_try();
	/* 5.8, and the newest helper of programs for 5.10. */
	if (tries ? has_getter(BPF_FUNC_ktime_get_boot_ns) : version >= KERNEL_VERSION_OF(5, 8))
		return 0;
	for (size_t i = 0; i < array_size(features); i++) {
		unsigned since = KERNEL_VERSION_OF(features[i].since[0], features[i].since[1]);

		if (tries ? !features[i].is_there() : version < since)
			lacking |= features[i].feature;
	}
	if (btf && !(tries ? has_typed_hooks(btf) : version >= KERNEL_VERSION_OF(5, 5)))
		lacking |= BPF_TYPED_HOOKS;
	return lacking;
}

unsigned bpf_features_before(unsigned set)
{
	unsigned first = set & BPF_TYPED_HOOKS ? KERNEL_VERSION_OF(5, 5) : UINT32_MAX;

	for (size_t i = 0; i < array_size(features); i++) {
		unsigned since = KERNEL_VERSION_OF(features[i].since[0], features[i].since[1]);

		if ((set & features[i].feature) && since < first)
			first = since;
	}
	return first;
}

const char *bpf_features_names(unsigned set, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < array_size(features) && len < size; i++)
		if (set & features[i].feature)
			len += (size_t)snprintf(buf + len, size - len, "%s%s (%d.%d)",
						len ? ", " : "", features[i].name,
						features[i].since[0], features[i].since[1]);
	if (len < size && (set & BPF_TYPED_HOOKS))
		snprintf(buf + len, size - len, "%styped raw tracepoints (5.5)", len ? ", " : "");
	return buf;
}
