/* SPDX-License-Identifier: MIT */
/* Object to kernel. See loader.h. */
#define _GNU_SOURCE
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "cleanup.h"
#include "kernel.h"

enum {
	VERIFIER_LOG_SIZE = 16 << 20, /* bytes */
	VERIFIER_LINES = 20,          /* of the log in an error: the reason comes last */
	OLD_INSNS_MAX = 4096,         /* before Linux 5.2 */
};

struct loaded {
	const struct object *object;
	int maps[OBJECT_MAPS_MAX];
	int programs[OBJECT_PROGRAMS_MAX];
	int links[OBJECT_PROGRAMS_MAX];
	/* What attach_missed() said of each program when it was detached. */
	struct missed {
		int r;
		uint64_t calls;
	} missed[OBJECT_PROGRAMS_MAX];
};

/* Cut off BCC's prefix: a program's name has 15 bytes, and its type tells the same. */
static const char *kernel_name(const char *function)
{
	const char *part = strstr(function, "__");

	return part ? part + 2 : function;
}

static int explain(struct error *err, int code, const char *what, const char *name)
{
	error_set(err, code, "%s '%s': %s", what, name, error_words(code));
	if (code == -EPERM)
		error_hint(err,
			   "run it as root (sudo), or with CAP_BPF and CAP_PERFMON; see --check");
	if (code == -EMFILE)
		error_hint(err, "each map and each program takes a descriptor; see ulimit -n");
	if (code == -ENOMEM || code == -E2BIG)
		error_hint(err, "the kernel has no memory for it; see ulimit -l and the memory "
				"cgroup's limit");
	return code;
}

static int create_map(const struct loaded *l, const struct object_map *map, struct error *err)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = map->flags);
	unsigned entries =
		map->max_entries ? map->max_entries : (unsigned)libbpf_num_possible_cpus();
	char name[BPF_OBJ_NAME_LEN];
	int fd;

	if (map->inner >= 0)
		opts.inner_map_fd = (unsigned)l->maps[map->inner];
	snprintf(name, sizeof(name), "%.15s", map->name);
	fd = bpf_map_create((enum bpf_map_type)map->type, name, map->key_size, map->value_size,
			    entries, &opts);
	return fd < 0 ? explain(err, fd, "making the map", map->name) : fd;
}

static int create_maps(struct loaded *l, struct error *err)
{
	const struct object *o = l->object;

	/* A map of maps needs its template, so it comes in the second round. */
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < o->nmaps; i++) {
			if ((o->maps[i].inner >= 0) != (round == 1))
				continue;
			l->maps[i] = create_map(l, &o->maps[i], err);
			if (l->maps[i] < 0)
				return l->maps[i];
		}
	}
	return 0;
}

/* A BTF-typed raw tracepoint is attached to the typedef of its probe function. */
static int hook_btf_id(const struct hook *hook, const struct btf_kernel *btf, struct error *err)
{
	char name[HOOK_NAME_MAX];
	int id;

	snprintf(name, sizeof(name), "%s%s",
		 hook->kind == HOOK_RAW_TRACEPOINT_BTF ? "btf_trace_" : "", hook->target);
	id = btf_id(btf, name);
	return id < 0 ? btf_lacks(btf, name, err) : id;
}

static enum bpf_prog_type program_type(enum hook_kind kind)
{
	static const enum bpf_prog_type types[HOOK_KINDS] = {
		[HOOK_KPROBE] = BPF_PROG_TYPE_KPROBE,
		[HOOK_KRETPROBE] = BPF_PROG_TYPE_KPROBE,
		[HOOK_TRACEPOINT] = BPF_PROG_TYPE_TRACEPOINT,
		[HOOK_RAW_TRACEPOINT] = BPF_PROG_TYPE_RAW_TRACEPOINT,
		[HOOK_RAW_TRACEPOINT_BTF] = BPF_PROG_TYPE_TRACING,
		[HOOK_FENTRY] = BPF_PROG_TYPE_TRACING,
		[HOOK_FEXIT] = BPF_PROG_TYPE_TRACING,
	};

	return types[kind];
}

static int load_with_log(const struct object_program *p, enum bpf_prog_type type, const char *name,
			 struct bpf_prog_load_opts *opts, char *log)
{
	opts->log_buf = log;
	opts->log_size = VERIFIER_LOG_SIZE;
	opts->log_level = 1;
	return bpf_prog_load(type, name, "GPL", p->insns, p->ninsns, opts);
}

/* Undo what load_with_log() set. */
static struct bpf_prog_load_opts *quiet(struct bpf_prog_load_opts *opts)
{
	opts->log_buf = NULL;
	opts->log_size = opts->log_level = 0;
	return opts;
}

/* Limits that later kernels do not have. */
static void explain_old_kernel(struct error *err, const struct object_program *p, const char *log)
{
	if (err->code == -E2BIG && p->ninsns > OLD_INSNS_MAX)
		error_hint(
			err,
			"it has %zu instructions, and kernels before Linux 5.2 take %d: run with "
			"fewer or other options",
			p->ninsns, OLD_INSNS_MAX);
	else if (strstr(log, "back-edge"))
		error_hint(err, "it has a loop, which takes Linux 5.3: run with fewer or other "
				"options");
}

static int verify(const struct object_program *p, struct bpf_prog_load_opts *opts, FILE *out,
		  struct error *err)
{
	enum bpf_prog_type type = program_type(p->hook.kind);
	char section[HOOK_NAME_MAX];
	cleanup_free char *log = NULL;
	char name[BPF_OBJ_NAME_LEN];
	int fd, first;

	hook_section(&p->hook, section);
	snprintf(name, sizeof(name), "%.15s", kernel_name(p->name));
	fd = out ? -1 : bpf_prog_load(type, name, "GPL", p->insns, p->ninsns, opts);
	if (fd >= 0)
		return fd;
	log = calloc(1, VERIFIER_LOG_SIZE);
	if (!log)
		return error_nomem(err);
	first = fd;
	fd = load_with_log(p, type, name, opts, log);
	/* ENOSPC: the log did not fit, which says nothing about the program. */
	if (fd == -ENOSPC)
		fd = out ? bpf_prog_load(type, name, "GPL", p->insns, p->ninsns, quiet(opts))
			 : first;
	if (out)
		fprintf(out, "%s:\n%s", section, log);
	if (fd >= 0)
		return fd;
	explain(err, fd, "the kernel refuses the program", section);
	explain_old_kernel(err, p, log);
	/* These come before the verifier runs, so there is no log. */
	if (fd != -EMFILE && fd != -ENFILE && fd != -ENOMEM)
		error_detail_end(err, log, VERIFIER_LINES);
	return fd;
}

static enum bpf_attach_type attach_type(enum hook_kind kind)
{
	switch (kind) {
	case HOOK_FENTRY:
		return BPF_TRACE_FENTRY;
	case HOOK_FEXIT:
		return BPF_TRACE_FEXIT;
	default:
		return BPF_TRACE_RAW_TP;
	}
}

static int load_program(struct loaded *l, size_t number, const struct btf_kernel *btf, FILE *log,
			struct error *err)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	const struct object_program *p = &l->object->programs[number];
	int id;

	for (size_t i = 0; i < p->nrelocs; i++) {
		p->insns[p->relocs[i].insn].src_reg = BPF_PSEUDO_MAP_FD;
		p->insns[p->relocs[i].insn].imm = l->maps[p->relocs[i].map];
	}
	if (program_type(p->hook.kind) == BPF_PROG_TYPE_TRACING) {
		id = hook_btf_id(&p->hook, btf, err);
		if (id < 0)
			return id;
		opts.attach_btf_id = (unsigned)id;
		opts.expected_attach_type = attach_type(p->hook.kind);
	}
	if (program_type(p->hook.kind) == BPF_PROG_TYPE_KPROBE)
		opts.kern_version = kernel_version_code();
	l->programs[number] = verify(p, &opts, log, err);
	return l->programs[number] < 0 ? l->programs[number] : 0;
}

/*
 * Replace the constants that PARAMETER(n) compiled to. A 64-bit load takes two slots: the second
 * holds the high half of the constant.
 */
static int set_parameters(const struct object *o, const struct parameters *parameters,
			  struct error *err)
{
	for (size_t p = 0; p < o->nprograms; p++) {
		struct bpf_insn *insns = o->programs[p].insns;

		for (size_t i = 0; i + 1 < o->programs[p].ninsns; i++) {
			uint32_t number = (uint32_t)insns[i].imm;

			if (insns[i].code != (BPF_LD | BPF_DW | BPF_IMM))
				continue;
			i++;
			if (insns[i - 1].src_reg || (uint32_t)insns[i].imm != PARAMETER_MARK >> 32)
				continue;
			if (number >= parameters->count)
				return error_set(err, -EINVAL, "the program has no parameter %u",
						 number);
			insns[i - 1].imm = (int32_t)parameters->values[number];
			insns[i].imm = (int32_t)(parameters->values[number] >> 32);
		}
	}
	return 0;
}

int loader_load(struct loaded **loadedp, const struct object *object,
		const struct parameters *parameters, const struct btf_kernel *btf, FILE *log,
		struct error *err)
{
	struct loaded *l = malloc(sizeof(*l));
	int r;

	if (!l)
		return error_nomem(err);
	memset(l, -1, sizeof(*l)); /* no descriptor is open yet */
	for (size_t i = 0; i < OBJECT_PROGRAMS_MAX; i++)
		l->missed[i].r = -ENOTSUP;
	l->object = object;
	r = parameters ? set_parameters(object, parameters, err) : 0;
	if (r == 0)
		r = create_maps(l, err);
	for (size_t i = 0; r == 0 && i < object->nprograms; i++)
		r = load_program(l, i, btf, log, err);
	if (r < 0) {
		loader_unload(l);
		return r;
	}
	*loadedp = l;
	return 0;
}

int loader_attach(struct loaded *l, int tracefs, struct error *err)
{
	for (size_t i = 0; i < l->object->nprograms; i++) {
		l->links[i] =
			attach_program(&l->object->programs[i].hook, l->programs[i], tracefs, err);
		if (l->links[i] < 0) {
			loader_detach(l);
			return err->code;
		}
	}
	return 0;
}

static void close_all(int *fds, size_t count)
{
	while (count--)
		if (fds[count] >= 0)
			close(steal_fd(&fds[count]));
}

void loader_detach(struct loaded *l)
{
	for (size_t i = 0; i < OBJECT_PROGRAMS_MAX; i++)
		if (l->links[i] >= 0)
			l->missed[i].r = attach_missed(l->links[i], &l->missed[i].calls);
	close_all(l->links, OBJECT_PROGRAMS_MAX);
}

void loader_unload(struct loaded *l)
{
	if (!l)
		return;
	loader_detach(l);
	close_all(l->programs, OBJECT_PROGRAMS_MAX);
	close_all(l->maps, OBJECT_MAPS_MAX);
	free(l);
}

int loader_map_of_any_size(const struct loaded *l, const char *name)
{
	int i = object_map(l->object, name);

	return i < 0 ? i : l->maps[i];
}

int loader_map(const struct loaded *l, const char *name, size_t key_size, size_t value_size)
{
	int i = object_map(l->object, name);
	const struct object_map *map = &l->object->maps[i < 0 ? 0 : i];

	if (i >= 0 && (map->key_size != key_size || map->value_size != value_size))
		return -EINVAL;
	return i < 0 ? i : l->maps[i];
}

int loader_new_map(const struct loaded *l, const char *name, struct error *err)
{
	int i = object_map(l->object, name);

	return i < 0 ? error_set(err, i, "the program has no map '%s'", name)
		     : create_map(l, &l->object->maps[i], err);
}

int loader_enable_stats(void)
{
	return bpf_enable_stats(BPF_STATS_RUN_TIME);
}

int loader_stats(const struct loaded *l, size_t i, struct loader_stats *stats)
{
	const struct object_program *p = &l->object->programs[i];
	struct bpf_prog_info info = { 0 };
	unsigned len = sizeof(info);
	int r = bpf_obj_get_info_by_fd(l->programs[i], &info, &len);

	/* Before Linux 4.13 the kernel tells nothing of a program. */
	if (r < 0 && r != -EINVAL)
		return r;
	*stats = (struct loader_stats){
		.insns = (unsigned)p->ninsns,
		.runs = info.run_cnt,
		.run_ns = info.run_time_ns,
		.missed = info.recursion_misses,
	};
	hook_name(&p->hook, stats->hook);
	return 0;
}

static bool is_auxiliary(const struct hook *hook, const char *const *auxiliary)
{
	for (; auxiliary && *auxiliary; auxiliary++)
		if (!strcmp(*auxiliary, hook->target) || !strcmp(*auxiliary, hook->function))
			return true;
	return false;
}

/*
 * Add the calls that a kretprobe skipped. Where the kernel does not tell, they are entries without
 * a return, which the report counts as unmatched.
 */
static int add_kretprobe_missed(const struct loaded *l, size_t i, uint64_t *missed)
{
	struct missed kretprobe = l->missed[i];

	if (l->links[i] >= 0)
		kretprobe.r = attach_missed(l->links[i], &kretprobe.calls);
	if (kretprobe.r == 0)
		*missed += kretprobe.calls;
	return kretprobe.r == -ENOTSUP ? 0 : kretprobe.r;
}

int loader_missed(const struct loaded *l, const char *const *auxiliary, uint64_t *missed)
{
	int r = 0;

	*missed = 0;
	for (size_t i = 0; r == 0 && i < l->object->nprograms; i++) {
		const struct hook *hook = &l->object->programs[i].hook;
		struct loader_stats stats;

		if (is_auxiliary(hook, auxiliary))
			continue;
		r = loader_stats(l, i, &stats);
		if (r == 0)
			*missed += stats.missed;
		if (r == 0 && hook->kind == HOOK_KRETPROBE)
			r = add_kretprobe_missed(l, i, missed);
	}
	return r;
}
