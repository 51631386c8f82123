/* SPDX-License-Identifier: MIT */
/* What the kernel lets this process do. See permission.h. */
#define _GNU_SOURCE
#include "permission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "capabilities.h"
#include "cleanup.h"
#include "procfs.h"

bool permission_is_confidential(void)
{
	cleanup_fclose FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "";

	return file && fgets(line, sizeof(line), file) && strstr(line, "[confidentiality]");
}

/*
 * Before 5.11 maps count as locked memory, and the kernel refuses a map beyond the limit with
 * EPERM.
 */
static bool is_locked_memory(const struct error *err)
{
	struct rlimit limit;

	return strstr(err->text, "making the map") && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
	       limit.rlim_cur != RLIM_INFINITY;
}

void permission_explain_refusal(struct error *err)
{
	bool denied = err->code == -EPERM || err->code == -EACCES;
	cleanup_close int proc = procfs_open();
	struct error ignored = ERROR_INIT;
	int may = permission_to_load(&ignored);

	error_clear(&ignored);
	/*
	 * Under confidentiality lockdown the verifier rejects bpf_probe_read_kernel() with EINVAL.
	 */
	if (may == 0 && (denied || err->code == -EINVAL) && permission_is_confidential())
		error_hint(err, "the kernel is locked down (confidentiality): lockdown=integrity "
				"when booting allows it");
	else if (may == 0 && denied && is_locked_memory(err))
		error_hint(err, "before Linux 5.11 that counts as locked memory: ulimit -l "
				"unlimited, CAP_SYS_RESOURCE, or root");
	else if (may == 0 && denied &&
		 procfs_limit(proc, "sys/kernel/perf_event_paranoid", 0) > 2 &&
		 !(capabilities_effective() & CAPABILITY_BIT(CAP_SYS_ADMIN)))
		error_hint(err, "kernel.perf_event_paranoid above 2 leaves it to CAP_SYS_ADMIN: "
				"sysctl kernel.perf_event_paranoid=2, or root");
}

/* Capabilities in a user namespace are worth nothing outside, and bpf(2) asks outside. */
static bool in_user_namespace(void)
{
	const ino_t initial = 0xeffffffd; /* PROC_USER_INIT_INO, fixed since 3.8 */
	cleanup_close int proc = procfs_open();
	struct stat st;

	return proc >= 0 && fstatat(proc, "self/ns/user", &st, 0) == 0 && st.st_ino != initial;
}

int permission_to_load(struct error *err)
{
	uint64_t effective;
	int r = capabilities_read(&effective);

	if (r < 0)
		return error_set(err, r, "asking for this process's capabilities: %s",
				 error_words(r));
	if (in_user_namespace()) {
		error_set(err, -EPERM,
			  "this process is in a user namespace, where even root may "
			  "not trace the kernel");
		return error_hint(err, "run it outside, with sudo");
	}
	if (effective & CAPABILITY_BIT(CAP_SYS_ADMIN))
		return 0;
	if ((effective & CAPABILITY_BIT(CAP_BPF)) && (effective & CAPABILITY_BIT(CAP_PERFMON)))
		return 0;
	error_set(err, -EPERM,
		  "tracing the kernel takes root, or CAP_BPF and CAP_PERFMON; this process %s",
		  effective & CAPABILITY_BIT(CAP_BPF)       ? "lacks CAP_PERFMON"
		  : effective & CAPABILITY_BIT(CAP_PERFMON) ? "lacks CAP_BPF"
							    : "has neither");
	return error_hint(err, "run it with sudo");
}
