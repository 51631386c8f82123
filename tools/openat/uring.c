/* SPDX-License-Identifier: MIT */
/*
 * Opens through io_uring. See uring.h.
 *
 * What the tracepoints tell has changed with nearly every kernel. io_uring_submit_sqe had (context,
 * opcode, ...), from 5.15 on (context, request, opcode, ...), from 5.19 on (request, ...), and is
 * called io_uring_submit_req since 6.3. io_uring_complete had (context, user data, result, ...),
 * from 5.19 on (context, request, user data, result, ...), and since 6.16 (context, request,
 * completion).
 */
#define _GNU_SOURCE
#include "uring.h"
#include "kernel_defines.h"

#include <errno.h>

enum {
	SUBMIT_5_10 = 5, /* arguments */
	COMPLETE_WITH_CQE = 3,
	COMPLETE_WITH_REQUEST = 6, /* or more */
};

static int define_requests(const struct plan_input *in, struct program_text *source, bool paths,
			   struct error *err)
{
	static const struct kernel_member request[] = {
		{ "io_kiocb", "opcode", "u8" },   { "io_kiocb", "flags", "u64" },
		{ "io_open", "dfd", "u32" },      { "io_open", "how.flags", "u64" },
		{ "io_open", "how.mode", "u64" }, { NULL, NULL, NULL },
	};
	static const struct kernel_member path[] = {
		{ "io_open", "filename", "struct filename *" },
		{ "filename", "name", "const char *" },
		{ "io_open", "how.resolve", "u64" },
		{ NULL, NULL, NULL },
	};
	static const struct kernel_member slot[] = {
		{ "io_open", "file_slot", "u32" },
		{ NULL, NULL, NULL },
	};
	int silent = btf_enumerator(in->kernel->btf, "REQ_F_SKIP_LINK_CQES_BIT");
	int r = kernel_define_members(in->kernel, source, request, err);

	/* Before 5.17 no request could ask for that. */
	if (silent >= 0)
		program_text_define(source, "URING_FAILED_SILENT", "0x%llxull", 1ULL << silent);
	program_text_define(source, "URING_REQUESTS", "1");
	if (r < 0 || !paths)
		return r;
	/* Before 5.15 every open makes a descriptor. */
	if (kernel_try_members(in->kernel, source, slot))
		program_text_define(source, "URING_SLOTS", "1");
	return kernel_define_members(in->kernel, source, path, err);
}

int openat_plan_uring(const struct plan_input *in, struct plan *plan, bool paths, struct error *err)
{
	const struct btf_kernel *btf = in->kernel->btf;
	bool renamed = btf_has(btf, "btf_trace_io_uring_submit_req");
	int submit = btf_tracepoint_args(btf, "btf_trace_io_uring_submit_sqe");
	int complete = btf_tracepoint_args(btf, "btf_trace_io_uring_complete");
	const char *name = renamed ? "io_uring_submit_req" : "io_uring_submit_sqe";

	if (!btf)
		plan_without(plan, "uring");
	if (complete < 0 || (!renamed && submit < 0))
		return 0;
	program_text_define(plan->source, "OPEN_URING", "1");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__uring_submit", name);
	if (complete < COMPLETE_WITH_REQUEST && !renamed) {
		program_text_define(plan->source, "URING_OPCODE_ARG", "%d",
				    submit == SUBMIT_5_10 ? 1 : 2);
		return 0;
	}
	program_text_define(plan->source, "URING_SUBMIT_REQ", "0");
	program_text_define(plan->source, "URING_COMPLETE_REQ", "1");
	if (complete == COMPLETE_WITH_CQE)
		program_text_define(plan->source, "URING_COMPLETE_CQE", "2");
	else
		program_text_define(plan->source, "URING_COMPLETE_RES", "3");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__uring_complete",
		  "io_uring_complete");
	return define_requests(in, plan->source, paths, err);
}
