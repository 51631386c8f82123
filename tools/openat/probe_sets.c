/* SPDX-License-Identifier: MIT */
/* The places where bcc-openat sees opens: a plan for each. See openat_hooks.h. */
#define _GNU_SOURCE
#include "probe_sets.h"

#include <errno.h>
#include <stdio.h>

#include "kernel_defines.h"
#include "plan.h"
#include "probe_reliability.h"
#include "syscall_names.h"
#include "syscall_symbol.h"
#include "uring.h"

/* Hooks that do not have the registers as an argument find them where the kernel keeps them. */
static int define_regs(const struct run *run, struct plan *plan, bool typed, struct error *err)
{
	int r = kernel_define_regs(&run->kernel, plan->source, err);

	if (r == 0 && (typed || (btf_has(run->kernel.btf, "bpf_task_pt_regs") &&
				 btf_has(run->kernel.btf, "bpf_get_current_task_btf"))))
		source_define(plan->source, "REGS_TYPED", "1");
	return r;
}

/* For a hook that does not have the registers as an argument. */
static int begin_untyped(const struct run *run, struct plan *plan, struct error *err)
{
	const struct openat_choices *choices = run->state;
	int r = openat_plan_begin(run, plan, err);

	return r == 0 && openat_needs(choices).call ? define_regs(run, plan, false, err) : r;
}

/* A hook on the function of each call that counts, in each ABI. */
static int plan_entries(const struct run *run, struct plan *plan, enum hook_kind kind,
			const char *function, struct error *err)
{
	const struct openat_choices *choices = run->state;
	const char *const *calls;
	size_t count = openat_calls(choices, &calls), before = plan->nhooks;
	char symbol[ENTRY_MAX];

	for (size_t i = 0; i < count; i++)
		for (int abi = ABI_NATIVE; abi <= ABI_COMPAT; abi++)
			if (entry_symbol(&run->kernel, (enum syscall_abi)abi, calls[i], symbol))
				plan_hook_copy(plan, kind, function, symbol);
	if (plan->nhooks == before)
		return error_set(err, -ENOTSUP,
				 "the functions of the calls are not known on this kernel");
	return 0;
}

static int plan_uring(const struct run *run, struct plan *plan, struct error *err)
{
	const struct openat_choices *choices = run->state;

	return choices->all ? openat_plan_uring(run, plan, openat_needs(choices).path, err) : 0;
}

int openat_plan_fexit(const struct run *run, struct plan *plan, struct error *err)
{
	const struct openat_choices *choices = run->state;
	char symbol[ENTRY_MAX];
	int r;

	if (!entry_symbol(&run->kernel, ABI_NATIVE, "openat", symbol))
		return error_set(err, -ENOTSUP,
				 "the function of openat is not known on this kernel");
	r = openat_plan_begin(run, plan, err);
	if (r == 0)
		r = kernel_check_trampolines(&run->kernel, symbol, err);
	/* Seen on 5.10, where open_by_handle_at takes a struct pt_regs that is only declared. */
	if (choices->all)
		source_define(plan->source, "REGS_OF_TASK", "1");
	if (r == 0 && openat_needs(choices).call)
		r = define_regs(run, plan, !choices->all, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_FEXIT", "1");
	if (choices->no_results)
		return plan_entries(run, plan, HOOK_FENTRY, "fentry__open", err);
	/* Whoever else attaches to the function, or leaves it, takes from calls in progress the
	 * program at their return. */
	source_define(plan->source, "COUNT_ENTERED", "1");
	r = plan_entries(run, plan, HOOK_FEXIT, "fexit__open", err);
	if (r == 0)
		r = plan_entries(run, plan, HOOK_FENTRY, "fentry__open", err);
	return r == 0 ? plan_uring(run, plan, err) : r;
}

int openat_plan_kprobe(const struct run *run, struct plan *plan, struct error *err)
{
	const struct openat_choices *choices = run->state;
	bool told = kernel_kretprobes_tell(&run->kernel);
	int r;

	if (!kernel_has_kprobes())
		return error_set(err, -ENOTSUP, "this kernel has no kprobes");
	if (run->kernel.btf && !kernel_kprobes_are_exact(&run->kernel))
		return error_set(err, -ENOTSUP,
				 "kprobes can miss calls on this kernel, and do not tell");
	r = begin_untyped(run, plan, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_KPROBE", "1");
	if (choices->no_results)
		return plan_entries(run, plan, HOOK_KPROBE, "kprobe__open", err);
	if (!told)
		source_define(plan->source, "COUNT_ENTERED", "1");
	r = plan_entries(run, plan, HOOK_KRETPROBE, "kretprobe__open", err);
	if (r == 0 && (!told || openat_needs(choices).time))
		r = plan_entries(run, plan, HOOK_KPROBE, "kprobe__open", err);
	return r == 0 ? plan_uring(run, plan, err) : r;
}

int openat_plan_sys_exit(const struct run *run, struct plan *plan, struct error *err)
{
	const struct openat_choices *choices = run->state;
	int r = openat_plan_begin(run, plan, err);

	if (r == 0)
		r = define_regs(run, plan, true, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_SYS_EXIT", "1");
	if (!choices->no_results)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	if (choices->no_results || openat_needs(choices).time)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_enter", "sys_enter");
	return plan_uring(run, plan, err);
}

int openat_plan_sys_exit_if_exact(const struct run *run, struct plan *plan, struct error *err)
{
	if (!kernel_raw_tracepoints_are_exact(&run->kernel))
		return error_set(err, -ENOTSUP, "raw tracepoints can miss calls on this kernel");
	return openat_plan_sys_exit(run, plan, err);
}

static int check_classic(const struct run *run, struct error *err)
{
	if (kernel_kprobes_are_exact(&run->kernel))
		return 0;
	return error_set(err, -ENOTSUP,
			 "classic tracepoints can miss calls on this kernel, and do not tell");
}

int openat_plan_raw_syscalls(const struct run *run, struct plan *plan, struct error *err)
{
	static const char enter[] = "raw_syscalls/sys_enter", leave[] = "raw_syscalls/sys_exit";
	static const struct kernel_member leave_id = { "sys_exit", "id", "s32" },
					  leave_ret = { "sys_exit", "ret", "s64" },
					  enter_id = { "sys_enter", "id", "s32" };
	const struct openat_choices *choices = run->state;
	int r = check_classic(run, err);

	if (r == 0)
		r = begin_untyped(run, plan, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, leave, &leave_id, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, leave, &leave_ret, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, enter, &enter_id, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_RAW_SYSCALLS", "1");
	if (!choices->no_results)
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_exit", leave);
	if (choices->no_results || openat_needs(choices).time)
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_enter", enter);
	return plan_uring(run, plan, err);
}

/* Each call has tracepoints of its own, all alike. */
static void plan_events(const struct run *run, struct plan *plan, const char *what,
			const char *function)
{
	const struct openat_choices *choices = run->state;
	const char *const *calls;
	size_t count = openat_calls(choices, &calls);
	char event[HOOK_NAME_MAX];

	for (size_t i = 0; i < count; i++) {
		if (syscall_number(ABI_NATIVE, calls[i]) < 0)
			continue;
		snprintf(event, sizeof(event), "syscalls/sys_%s_%s", what, calls[i]);
		plan_hook_copy(plan, HOOK_TRACEPOINT, function, event);
	}
}

int openat_plan_tracepoint(const struct run *run, struct plan *plan, struct error *err)
{
	static const char event[] = "syscalls/sys_exit_openat";
	static const struct kernel_member ret = { "open_record", "ret", "s64" },
					  number = { "open_record", "__syscall_nr", "u32" };
	const struct openat_choices *choices = run->state;
	int r = check_classic(run, err);

	if (r == 0)
		r = begin_untyped(run, plan, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, event, &ret, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, event, &number, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_TRACEPOINT", "1");
	if (!choices->no_results)
		plan_events(run, plan, "exit", "tracepoint__exit_open");
	if (choices->no_results || openat_needs(choices).time)
		plan_events(run, plan, "enter", "tracepoint__enter_open");
	return plan_uring(run, plan, err);
}

int openat_plan_tracepoint_if_complete(const struct run *run, struct plan *plan, struct error *err)
{
	const struct openat_choices *choices = run->state;

	if (choices->hook != OPENAT_TRACEPOINT && kernel_answers_compat(&run->kernel))
		return error_set(err, -ENOTSUP, "there may be 32-bit calls, which it misses");
	return openat_plan_tracepoint(run, plan, err);
}
