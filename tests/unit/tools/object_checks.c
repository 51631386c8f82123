/* SPDX-License-Identifier: MIT */
/* What a compiled program has to be: its hooks, its maps, and nothing that an old kernel lacks. */
#define _GNU_SOURCE
#include "combinations.h"

#include <stdio.h>
#include <string.h>

int complain(const struct job *job, const char *what, const char *detail)
{
	fprintf(stderr, "'%s %s' on %s by %s: %s %s\n", job->line, job->filter, job->made_up->name,
		job->set->name, what, detail ? detail : "");
	return 1;
}

/* Helpers of Linux 5.10, and two that are newer. Those that read came in 5.5; before, others did.
 */
static bool helper_exists(const struct job *job, int helper)
{
	static const struct {
		int helper;
		unsigned since;
	} helpers[] = {
		{ BPF_FUNC_map_lookup_elem, 0 },
		{ BPF_FUNC_map_update_elem, 0 },
		{ BPF_FUNC_map_delete_elem, 0 },
		{ BPF_FUNC_ktime_get_ns, 0 },
		{ BPF_FUNC_get_current_pid_tgid, 0 },
		{ BPF_FUNC_get_current_uid_gid, 0 },
		{ BPF_FUNC_get_current_comm, 0 },
		{ BPF_FUNC_perf_event_output, 0 },
		{ BPF_FUNC_get_current_task, 0 },
		{ BPF_FUNC_current_task_under_cgroup, 0 },
		{ BPF_FUNC_probe_read_user, KERNEL_VERSION_OF(5, 5) },
		{ BPF_FUNC_probe_read_kernel, KERNEL_VERSION_OF(5, 5) },
		{ BPF_FUNC_probe_read_kernel_str, KERNEL_VERSION_OF(5, 5) },
		{ BPF_FUNC_probe_read_user_str, KERNEL_VERSION_OF(5, 5) },
		{ BPF_FUNC_get_smp_processor_id, 0 },
		{ BPF_FUNC_get_current_cgroup_id, 0 },
		{ BPF_FUNC_get_current_task_btf, KERNEL_VERSION_OF(5, 11) },
		{ BPF_FUNC_task_pt_regs, KERNEL_VERSION_OF(5, 15) },
	};

	if (helper == BPF_FUNC_probe_read || helper == BPF_FUNC_probe_read_str)
		return job->made_up->version < KERNEL_VERSION_OF(5, 5);
	for (size_t i = 0; i < COUNT(helpers); i++)
		if (helper == helpers[i].helper)
			return job->made_up->version >= helpers[i].since;
	return false;
}

static bool has_reloc(const struct object_program *p, size_t insn)
{
	for (size_t i = 0; i < p->nrelocs; i++)
		if (p->relocs[i].insn == insn)
			return true;
	return false;
}

/* What a look at the instructions can tell. */
static int check_insns(const struct job *job, const struct object_program *p)
{
	if (!p->ninsns || p->insns[p->ninsns - 1].code != (BPF_JMP | BPF_EXIT))
		if (p->insns[p->ninsns - 1].code != (BPF_JMP | BPF_JA))
			return complain(job, p->name, "does not end");
	for (size_t i = 0; i < p->ninsns; i++) {
		const struct bpf_insn *insn = &p->insns[i];

		if (insn->code == (BPF_LD | BPF_DW | BPF_IMM)) {
			if ((insn->src_reg == BPF_PSEUDO_MAP_FD) != has_reloc(p, i) ||
			    insn->src_reg > BPF_PSEUDO_MAP_FD || (insn->src_reg && insn->imm))
				return complain(job, p->name, "loads no map and no number");
			i++;
		} else if (insn->code == (BPF_JMP | BPF_CALL) &&
			   (insn->src_reg || !helper_exists(job, insn->imm))) {
			fprintf(stderr, "helper %d: ", insn->imm);
			return complain(job, p->name, "calls what there is not");
		}
	}
	return 0;
}

/* No maps of maps. */
static bool has_two_tables(const struct job *job)
{
	return job->made_up->version < KERNEL_VERSION_OF(4, 12);
}

static int check_map(const struct job *job, const struct object *o, const char *name, bool wanted)
{
	if ((object_map(o, name) >= 0) == wanted)
		return 0;
	return complain(job, name, wanted ? "is not there" : "is there");
}

static bool has_hook(const struct object *o, const char *function)
{
	for (size_t i = 0; i < o->nprograms; i++)
		if (strcmp(o->programs[i].hook.function, function) == 0)
			return true;
	return false;
}

int check_maps(const struct job *job, const struct object *o, const struct expected_map *maps,
	       size_t count)
{
	const struct filter *filter = &job->options.filter;
	const struct expected_map of_all[] = {
		{ "drops", true },
		{ "other_table", has_two_tables(job) && object_map(o, "table") >= 0 },
		{ "filter_cgroup", filter_uses_cgroups(filter) },
		{ "followed", filter_follows(filter) },
		{ "born", filter_follows(filter) && job->made_up->is_namespaced },
		{ "own_marks", has_hook(o, "raw_tracepoint__own_born") },
		{ "own_family", has_hook(o, "raw_tracepoint__own_born") },
	};
	size_t wanted = 0;
	int bad = 0;

	for (size_t i = 0; i < COUNT(of_all); i++, wanted += of_all[i - 1].wanted)
		bad |= check_map(job, o, of_all[i].name, of_all[i].wanted);
	for (size_t i = 0; i < count; i++, wanted += maps[i - 1].wanted)
		bad |= check_map(job, o, maps[i].name, maps[i].wanted);
	return bad || o->nmaps == wanted ? bad : complain(job, "has a map too many", NULL);
}

int check_rows(const struct job *job, const struct object *o, const struct group_by *by,
	       size_t value_size)
{
	int table = object_map(o, "table"), tables = object_map(o, "tables");

	if (table < 0 || tables < 0 || o->maps[tables].inner != (has_two_tables(job) ? -1 : table))
		return complain(job, "tables", NULL);
	if (!o->maps[table].max_entries || o->maps[table].key_size != group_by_key_size(by) ||
	    o->maps[table].value_size != value_size)
		return complain(job, "rows", NULL);
	return 0;
}

int check_object(const struct job *job, const struct object *o, const struct plan *plan)
{
	if (o->nprograms != plan->nhooks)
		return complain(job, "not as many programs as hooks", NULL);
	for (size_t i = 0; i < plan->nhooks; i++) {
		const struct hook *hook = &o->programs[i].hook, *planned = &plan->hooks[i];

		if (hook->kind != planned->kind || strcmp(hook->function, planned->function) != 0 ||
		    strcmp(hook->target, planned->target) != 0)
			return complain(job, planned->function, "is not where it should be");
		if (check_insns(job, &o->programs[i]))
			return 1;
	}
	return suite.check_maps(job, o);
}
