/* SPDX-License-Identifier: MIT */
/*
 * The kernel's types from bytes instead of /sys/kernel/btf/vmlinux: src/system/btf.c answers every
 * question about what libbpf accepts.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "btf.h"
#include "fuzz.h"

static struct input types;

struct btf *__wrap_btf__parse(const char *path, struct btf_ext **ext);
int __wrap_access(const char *path, int mode);

struct btf *__wrap_btf__parse(const char *path, struct btf_ext **ext)
{
	(void)path;
	(void)ext;
	return btf__new(types.at, (uint32_t)types.left);
}

int __wrap_access(const char *path, int mode)
{
	(void)path;
	(void)mode;
	return 0;
}

static void ask(const struct btf_kernel *btf)
{
	static const char *const members[][2] = {
		{ "task_struct", "pid" },    { "task_struct", "thread_info.status" },
		{ "task_struct", "tgid" },   { "signal_struct", "live" },
		{ "path", "dentry" },        { "no_such", "member" },
		{ "task_struct", "" },       { "task_struct", "." },
		{ "file", "f_path.dentry" },
	};
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		int r = btf_offset(btf, members[i][0], members[i][1], &err);

		HOLDS(r >= 0 || r == -ENOENT);
	}
	HOLDS(btf_id(btf, "btf_trace_sys_exit") != 0);
	HOLDS(btf_has(btf, "__x64_sys_openat") == (btf_id(btf, "__x64_sys_openat") > 0));
	HOLDS(btf_tracepoint_args(btf, "btf_trace_sys_exit") >= 0 ||
	      btf_tracepoint_args(btf, "btf_trace_sys_exit") == -ENOENT);
	btf_enumerator(btf, "REQ_F_SKIP_LINK_CQES_BIT");
	error_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	struct btf_kernel *btf;

	types = (struct input){ data, size };
	if (btf_kernel_open(&btf, false, &err) == 0) {
		ask(btf);
		btf_kernel_free(btf);
	}
	error_clear(&err);
	return 0;
}
