/* SPDX-License-Identifier: MIT */
/* Types of the running kernel, from /sys/kernel/btf/vmlinux. See btf.h. */
#define _GNU_SOURCE
#include "btf.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

#include "cleanup.h"

static const struct {
	const char *name;
	unsigned kind;
} wanted[] = {
	{ "task_struct", BTF_KIND_STRUCT },
	{ "signal_struct", BTF_KIND_STRUCT },
	{ "mm_struct", BTF_KIND_STRUCT },
	{ "linux_binprm", BTF_KIND_STRUCT },
	{ "pt_regs", BTF_KIND_STRUCT },
	{ "pid", BTF_KIND_STRUCT },
	{ "pid_namespace", BTF_KIND_STRUCT },
	{ "btf_trace_sys_enter", BTF_KIND_TYPEDEF },
	{ "btf_trace_sys_exit", BTF_KIND_TYPEDEF },
	{ "btf_trace_task_newtask", BTF_KIND_TYPEDEF },
	{ "btf_trace_task_rename", BTF_KIND_TYPEDEF },
	{ "btf_trace_sched_process_exec", BTF_KIND_TYPEDEF },
	{ "btf_trace_sched_process_exit", BTF_KIND_TYPEDEF },
	{ "btf_trace_sched_process_free", BTF_KIND_TYPEDEF },
	{ "bpf_get_current_task_btf", BTF_KIND_FUNC },
	{ "bpf_task_pt_regs", BTF_KIND_FUNC },
	{ "__x64_sys_openat", BTF_KIND_FUNC },
	{ "__ia32_compat_sys_openat", BTF_KIND_FUNC },
	{ "__arm64_sys_openat", BTF_KIND_FUNC },
	{ "__arm64_compat_sys_openat", BTF_KIND_FUNC },
};

struct btf_kernel {
	struct btf *types;
	unsigned ids[array_size(wanted)];
};

static void find_wanted(struct btf_kernel *btf)
{
	unsigned count = btf__type_cnt(btf->types);

	for (unsigned id = 1; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(btf->types, id);
		unsigned kind = btf_kind(t);
		const char *name;

		if (!t->name_off || (kind != BTF_KIND_STRUCT && kind != BTF_KIND_TYPEDEF && kind != BTF_KIND_FUNC))
			continue;
		name = btf__name_by_offset(btf->types, t->name_off);
		for (size_t i = 0; i < array_size(wanted); i++)
			if (kind == wanted[i].kind && !btf->ids[i] && strcmp(name, wanted[i].name) == 0)
				btf->ids[i] = id;
	}
}

int btf_kernel_open(struct btf_kernel **btfp, struct error *err)
{
	struct btf_kernel *btf = calloc(1, sizeof(*btf));
	int r;

	if (!btf)
		return error_nomem(err);
	btf->types = btf__parse("/sys/kernel/btf/vmlinux", NULL);
	if (!btf->types) {
		r = -errno;
		free(btf);
		return error_set(err, r, "reading the kernel's types from /sys/kernel/btf/vmlinux: %s",
				 error_name(r));
	}
	find_wanted(btf);
	*btfp = btf;
	return 0;
}

void btf_kernel_free(struct btf_kernel *btf)
{
	if (!btf)
		return;
	btf__free(btf->types);
	free(btf);
}

int btf_id(const struct btf_kernel *btf, const char *name)
{
	for (size_t i = 0; btf && i < array_size(wanted); i++)
		if (strcmp(name, wanted[i].name) == 0)
			return btf->ids[i] ? (int)btf->ids[i] : -ENOENT;
	return -ENOENT;
}

bool btf_has(const struct btf_kernel *btf, const char *name)
{
	return btf_id(btf, name) > 0;
}

/* The type behind names and qualifiers. */
static const struct btf_type *resolve(const struct btf *types, unsigned id)
{
	const struct btf_type *t = btf__type_by_id(types, id);

	while (t && (btf_is_typedef(t) || btf_is_mod(t)))
		t = btf__type_by_id(types, t->type);
	return t;
}

/* Bit offset of @name (@len bytes) in @t, also inside unnamed structs and unions. Return: false when it is not there. */
static bool find_member(const struct btf *types, const struct btf_type *t, const char *name, size_t len,
			unsigned *bits, const struct btf_type **type)
{
	const struct btf_member *m = btf_members(t);

	for (unsigned i = 0; i < btf_vlen(t); i++, m++) {
		const char *its = btf__name_by_offset(types, m->name_off);
		const struct btf_type *inner = resolve(types, m->type);
		unsigned inside = 0;

		if (strlen(its) == len && strncmp(its, name, len) == 0) {
			*bits = btf_member_bit_offset(t, i);
			*type = inner;
			return true;
		}
		if (!its[0] && inner && btf_is_composite(inner) &&
		    find_member(types, inner, name, len, &inside, type)) {
			*bits = btf_member_bit_offset(t, i) + inside;
			return true;
		}
	}
	return false;
}

int btf_offset(const struct btf_kernel *btf, const char *type, const char *member, struct error *err)
{
	int id = btf_id(btf, type);
	const struct btf_type *t = id > 0 ? resolve(btf->types, (unsigned)id) : NULL;
	unsigned total = 0, bits;

	for (const char *name = member; *name;) {
		size_t len = strcspn(name, ".");

		if (!t || !btf_is_composite(t) || !find_member(btf->types, t, name, len, &bits, &t))
			return error_set(err, -ENOENT, "the kernel's BTF has no %s.%s", type, member);
		total += bits;
		name += len + (name[len] == '.');
	}
	return (int)(total / 8);
}

int btf_tracepoint_args(const struct btf_kernel *btf, const char *name)
{
	int id = btf_id(btf, name);
	const struct btf_type *t = id > 0 ? resolve(btf->types, (unsigned)id) : NULL;

	if (t && btf_is_ptr(t))
		t = resolve(btf->types, t->type);
	/* The first parameter of the typedef is the probe's private data. */
	return t && btf_is_func_proto(t) ? (int)btf_vlen(t) - 1 : -ENOENT;
}
