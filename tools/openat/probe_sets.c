/* SPDX-License-Identifier: MIT */
/* The places where bcc-openat sees opens: a plan for each. See probe_sets.h. */
#define _GNU_SOURCE
#include "probe_sets.h"

#include <errno.h>
#include <stdio.h>

#include "kernel_defines.h"
#include "openat_plan.h"
#include "probe_reliability.h"
#include "syscall_names.h"
#include "syscall_symbol.h"
#include "uring.h"

/* Hooks that do not have the registers as an argument find them where the kernel keeps them. */
static int define_regs(const struct plan_input *in, struct plan *plan, bool typed,
		       struct error *err)
{
	int r = kernel_define_regs(in->kernel, plan->source, err);

	if (r == 0 && (typed || (btf_has(in->kernel->btf, "bpf_task_pt_regs") &&
				 btf_has(in->kernel->btf, "bpf_get_current_task_btf"))))
		program_text_define(plan->source, "REGS_TYPED", "1");
	return r;
}

/* For a hook that does not have the registers as an argument. */
static int begin_untyped(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;
	int r = openat_plan_begin(in, plan, err);

	return r == 0 && openat_needs(options).call ? define_regs(in, plan, false, err) : r;
}

/* A hook on the function of each call that counts, in each ABI. */
static int plan_entries(const struct plan_input *in, struct plan *plan, enum hook_kind kind,
			const char *function, struct error *err)
{
	const struct openat_options *options = in->options;
	const char *const *calls;
	size_t count = openat_calls(options, &calls), before = plan->nhooks;
	char symbol[SYSCALL_SYMBOL_MAX];

	for (size_t i = 0; i < count; i++)
		for (int abi = ABI_NATIVE; abi <= ABI_COMPAT; abi++)
			if (syscall_symbol_find(in->kernel, (enum syscall_abi)abi, calls[i],
						symbol))
				plan_hook_copy(plan, kind, function, symbol);
	if (plan->nhooks == before)
		return error_set(err, -ENOTSUP,
				 "the functions of the calls are not known on this kernel");
	return 0;
}

/* Opens that have begun and not returned are then known, and every other one was missed. */
static void count_entries(struct plan *plan)
{
	program_text_define(plan->source, "COUNT_ENTERED", "1");
	plan->counts_entries = true;
}

static int plan_uring(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;

	return options->all ? openat_plan_uring(in, plan, openat_needs(options).path, err) : 0;
}

static int plan_fexit(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;
	char symbol[SYSCALL_SYMBOL_MAX];
	int r;

	if (!syscall_symbol_find(in->kernel, ABI_NATIVE, "openat", symbol))
		return error_set(err, -ENOTSUP,
				 "the function of openat is not known on this kernel");
	r = openat_plan_begin(in, plan, err);
	if (r == 0)
		r = kernel_check_trampolines(in->kernel, symbol, err);
	/* Seen on 5.10, where open_by_handle_at takes a struct pt_regs that is only declared. */
	if (options->all)
		program_text_define(plan->source, "REGS_OF_TASK", "1");
	if (r == 0 && openat_needs(options).call)
		r = define_regs(in, plan, !options->all, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "HOOK_FEXIT", "1");
	if (options->no_results)
		return plan_entries(in, plan, HOOK_FENTRY, "fentry__open", err);
	/* When another tracer attaches to the function or detaches from it, calls in flight lose
	 * our fexit program. */
	count_entries(plan);
	plan_timing_only(plan, "fentry__open");
	r = plan_entries(in, plan, HOOK_FEXIT, "fexit__open", err);
	if (r == 0)
		r = plan_entries(in, plan, HOOK_FENTRY, "fentry__open", err);
	return r == 0 ? plan_uring(in, plan, err) : r;
}

static int plan_kprobe(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;
	bool told = kernel_kretprobes_count_missed(in->kernel);
	int r;

	if (!kernel_has_kprobes())
		return error_set(err, -ENOTSUP, "this kernel has no kprobes");
	if (!kernel_kprobes_are_exact(in->kernel))
		return error_set(err, -ENOTSUP,
				 "kprobes can miss calls on this kernel, and do not tell");
	r = begin_untyped(in, plan, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "HOOK_KPROBE", "1");
	if (options->no_results)
		return plan_entries(in, plan, HOOK_KPROBE, "kprobe__open", err);
	if (!told)
		count_entries(plan);
	plan_timing_only(plan, "kprobe__open");
	r = plan_entries(in, plan, HOOK_KRETPROBE, "kretprobe__open", err);
	if (r == 0 && (!told || openat_needs(options).entry))
		r = plan_entries(in, plan, HOOK_KPROBE, "kprobe__open", err);
	return r == 0 ? plan_uring(in, plan, err) : r;
}

static int plan_kprobe_if_roomy(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;

	if (options->hook != OPENAT_KPROBE && !options->no_results &&
	    !kernel_kretprobes_have_room(in->kernel))
		return error_set(err, -ENOTSUP,
				 "kretprobes miss calls that overlap, with so few processors");
	return plan_kprobe(in, plan, err);
}

static int plan_sys_exit(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct openat_options *options = in->options;
	int r = openat_plan_begin(in, plan, err);

	if (r == 0)
		r = kernel_define_number(in->kernel, plan->source, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "REGS_TYPED", "1");
	program_text_define(plan->source, "HOOK_SYS_EXIT", "1");
	if (!options->no_results)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	if (options->no_results || openat_needs(options).entry)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_enter", "sys_enter");
	if (!options->no_results)
		plan_timing_only(plan, "raw_tracepoint__sys_enter");
	return plan_uring(in, plan, err);
}

static int plan_sys_exit_if_exact(const struct plan_input *in, struct plan *plan, struct error *err)
{
	if (!kernel_raw_tracepoints_are_exact(in->kernel))
		return error_set(err, -ENOTSUP, "raw tracepoints can miss calls on this kernel");
	return plan_sys_exit(in, plan, err);
}

static int check_classic(const struct plan_input *in, struct error *err)
{
	if (kernel_kprobes_are_exact(in->kernel))
		return 0;
	return error_set(err, -ENOTSUP,
			 "classic tracepoints can miss calls on this kernel, and do not tell");
}

static int plan_raw_syscalls(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const char enter[] = "raw_syscalls/sys_enter", leave[] = "raw_syscalls/sys_exit";
	static const struct kernel_member leave_id = { "sys_exit", "id", "s32" },
					  leave_ret = { "sys_exit", "ret", "s64" },
					  enter_id = { "sys_enter", "id", "u32" };
	const struct openat_options *options = in->options;
	int r = check_classic(in, err);

	if (r == 0)
		r = begin_untyped(in, plan, err);
	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, leave, &leave_id, err);
	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, leave, &leave_ret, err);
	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, enter, &enter_id, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "HOOK_RAW_SYSCALLS", "1");
	if (!options->no_results)
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_exit", leave);
	if (options->no_results || openat_needs(options).entry)
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_enter", enter);
	if (!options->no_results)
		plan_timing_only(plan, "tracepoint__sys_enter");
	return plan_uring(in, plan, err);
}

/* Each call has tracepoints of its own, all alike. */
static void plan_events(const struct plan_input *in, struct plan *plan, const char *what,
			const char *function)
{
	const struct openat_options *options = in->options;
	const char *const *calls;
	size_t count = openat_calls(options, &calls);
	char event[HOOK_NAME_MAX];

	for (size_t i = 0; i < count; i++) {
		if (syscall_number(ABI_NATIVE, calls[i]) < 0)
			continue;
		snprintf(event, sizeof(event), "syscalls/sys_%s_%s", what, calls[i]);
		plan_hook_copy(plan, HOOK_TRACEPOINT, function, event);
	}
}

static int plan_tracepoint(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const char event[] = "syscalls/sys_exit_openat";
	static const struct kernel_member leave_ret = { "open_record", "ret", "s64" },
					  number = { "open_record", "__syscall_nr", "u32" };
	const struct openat_options *options = in->options;
	int r = check_classic(in, err);

	if (r == 0)
		r = begin_untyped(in, plan, err);
	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, event, &leave_ret, err);
	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, event, &number, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "HOOK_TRACEPOINT", "1");
	if (!options->no_results)
		plan_events(in, plan, "exit", "tracepoint__exit_open");
	if (options->no_results || openat_needs(options).entry)
		plan_events(in, plan, "enter", "tracepoint__enter_open");
	if (!options->no_results)
		plan_timing_only(plan, "tracepoint__enter_open");
	return plan_uring(in, plan, err);
}

static int plan_tracepoint_if_complete(const struct plan_input *in, struct plan *plan,
				       struct error *err)
{
	const struct openat_options *options = in->options;

	if (options->hook != OPENAT_TRACEPOINT && kernel_answers_compat(in->kernel))
		return error_set(err, -ENOTSUP, "there may be 32-bit calls, which it misses");
	return plan_tracepoint(in, plan, err);
}

const struct probe_set openat_probe_sets[OPENAT_PROBE_SETS] = {
	{ "trampolines at the calls' functions", plan_fexit },
	{ "kprobes on the calls' functions", plan_kprobe_if_roomy },
	{ "the calls' own tracepoints", plan_tracepoint_if_complete },
	{ "the raw tracepoint sys_exit", plan_sys_exit_if_exact },
	{ "the tracepoint raw_syscalls:sys_exit", plan_raw_syscalls },
	{ "the raw tracepoint sys_exit, though it can miss calls", plan_sys_exit },
	{ "kprobes on the calls' functions, though they miss calls that overlap", plan_kprobe },
	{ "the calls' own tracepoints, though they miss 32-bit calls", plan_tracepoint },
};

bool openat_allows_probe_set(const void *state, size_t number)
{
	static const enum openat_hook hooks[OPENAT_PROBE_SETS] = {
		OPENAT_FEXIT,        OPENAT_KPROBE,   OPENAT_TRACEPOINT, OPENAT_SYS_EXIT,
		OPENAT_RAW_SYSCALLS, OPENAT_SYS_EXIT, OPENAT_KPROBE,     OPENAT_TRACEPOINT,
	};
	const struct openat_options *options = state;

	return !options->hook || options->hook == hooks[number];
}
