/* SPDX-License-Identifier: MIT */
/* What the running kernel is and offers. See kernel.h. */
#define _GNU_SOURCE
#include "kernel.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cleanup.h"
#include "number.h"
#include "privileges.h"
#include "procfs.h"
#include "tracefs.h"

/* For those who ask for it (setarch --uname-2.6) the kernel calls itself 2.6. */
static int uname_truly(struct utsname *uts)
{
	int persona = personality(0xffffffff), r;

	if (persona >= 0 && (persona & UNAME26))
		personality((unsigned long)persona & ~(unsigned long)UNAME26);
	r = uname(uts);
	if (persona >= 0)
		personality((unsigned long)persona);
	return r;
}

int kernel_open(struct kernel *kernel, bool use_cache, struct error *err)
{
	struct error ignored = ERROR_INIT;
	unsigned major = 0, minor = 0;
	struct utsname uts;

	memset(kernel, 0, sizeof(*kernel));
	kernel->tracefs = -1;
	if (uname_truly(&uts) < 0)
		return error_set(err, -errno, "uname: %s", error_name(errno));
	snprintf(kernel->release, sizeof(kernel->release), "%.64s", uts.release);
	sscanf(uts.release, "%u.%u", &major, &minor);
	kernel->version = KERNEL_VERSION_OF(major, minor);
	kernel->btf_lacks = btf_kernel_open(&kernel->btf, use_cache, &ignored);
	kernel->tracefs = tracefs_open(&ignored);
	error_clear(&ignored);
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	btf_kernel_free(kernel->btf);
	if (kernel->tracefs >= 0)
		close(kernel->tracefs);
	kernel->btf = NULL;
	kernel->tracefs = -1;
}

/* The perf kprobe PMU (4.17+); the older way through tracefs can leave probes behind, so it is not
 * used. */
bool kernel_has_kprobes(void)
{
	return access("/sys/bus/event_source/devices/kprobe/type", F_OK) == 0;
}

/* In one piece: who reads a file of /proc/sys byte by byte, as stdio does without memory for a
 * buffer, gets its first digit. */
static uint32_t read_limit(int proc, const char *path, uint32_t fallback)
{
	cleanup_close int fd = proc < 0 ? -1 : openat(proc, path, O_RDONLY | O_CLOEXEC);
	char text[24];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	uint64_t value;

	if (n > 0 && text[n - 1] == '\n')
		n--;
	return n > 0 && number_u64(text, (size_t)n, 0, UINT32_MAX, &value) == 0 ? (uint32_t)value
										: fallback;
}

static uint32_t lives_max(uint32_t times)
{
	cleanup_close int proc = proc_open();
	uint64_t pids = read_limit(proc, "sys/kernel/pid_max", 32768);
	uint64_t threads = (uint64_t)times * read_limit(proc, "sys/kernel/threads-max", 32768);

	return (uint32_t)(pids < threads ? pids : threads);
}

uint32_t kernel_processes_max(void)
{
	return lives_max(1);
}

uint32_t kernel_unfreed_max(void)
{
	return lives_max(2);
}

uint32_t kernel_room(uint32_t least, uint32_t each)
{
	uint32_t room = each * (uint32_t)libbpf_num_possible_cpus();

	return room > least ? room : least;
}

void kernel_define_table(const struct kernel *kernel, struct source *source, const char *name,
			 uint32_t most, uint32_t preallocated)
{
	bool on_demand = kernel->version >= KERNEL_VERSION_OF(6, 1);
	char text[64];

	snprintf(text, sizeof(text), "%s_MAX", name);
	source_define(source, text, "%u", on_demand || most < preallocated ? most : preallocated);
	snprintf(text, sizeof(text), "%s_FLAGS", name);
	source_define(source, text, "%u", on_demand ? (unsigned)BPF_F_NO_PREALLOC : 0);
}

int kernel_btf_failed(const struct kernel *kernel, struct error *err)
{
	int r = kernel->btf_lacks;

	if (!r || r == -ENOENT || r == -EACCES || r == -EPERM)
		return btf_kernel_failed(kernel->btf, err);
	return error_set(err, r, "reading the kernel's types from /sys/kernel/btf/vmlinux: %s",
			 error_name(r));
}

int kernel_define_offsets(const struct kernel *kernel, struct source *source,
			  const struct offset *offsets, struct error *err)
{
	if (!kernel->btf && kernel->btf_lacks != -ENOENT)
		return error_set(err, -ENOENT,
				 "reading the kernel's types from /sys/kernel/btf/vmlinux: %s",
				 error_name(kernel->btf_lacks));
	if (!kernel->btf) {
		error_set(err, -ENOENT,
			  "the kernel has no BTF (/sys/kernel/btf/vmlinux), so its structures are "
			  "unknown");
		return error_hint(err,
				  "it takes a kernel with CONFIG_DEBUG_INFO_BTF=y; see --check");
	}
	for (; offsets->define; offsets++) {
		int offset = btf_offset(kernel->btf, offsets->type, offsets->member, err);

		if (offset < 0)
			return offset;
		source_define(source, offsets->define, "%d", offset);
	}
	return 0;
}

int kernel_define_task(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset offsets[] = {
		{ "TASK_TGID", "task_struct", "tgid" },
		{ "TASK_PID", "task_struct", "pid" },
		{ "TASK_REAL_PARENT", "task_struct", "real_parent" },
		{ "TASK_START_TIME", "task_struct", "start_time" },
		{ NULL, NULL, NULL },
	};

	return kernel_define_offsets(kernel, source, offsets, err);
}

void kernel_define_leader(const struct kernel *kernel, struct source *source)
{
	static const struct offset leader[] = {
		{ "TASK_GROUP_LEADER", "task_struct", "group_leader" },
		{ "TASK_COMM", "task_struct", "comm" },
		{ NULL, NULL, NULL },
	};
	struct error ignored = ERROR_INIT;

	kernel_define_offsets(kernel, source, leader, &ignored);
	error_clear(&ignored);
}

uint32_t kernel_pid_namespace(void)
{
	const ino_t initial = 0xeffffffc; /* PROC_PID_INIT_INO, fixed since 3.8 */
	cleanup_close int proc = proc_open();
	struct stat st;

	return proc >= 0 && fstatat(proc, "self/ns/pid", &st, 0) == 0 && st.st_ino != initial
		       ? (uint32_t)st.st_ino
		       : 0;
}

int kernel_define_namespace(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset offsets[] = {
		{ "TASK_THREAD_PID", "task_struct", "thread_pid" },
		{ "TASK_SIGNAL", "task_struct", "signal" },
		{ "TASK_REAL_PARENT", "task_struct", "real_parent" },
		{ "SIGNAL_PIDS", "signal_struct", "pids" },
		{ "PID_LEVEL", "pid", "level" },
		{ "PID_NUMBERS", "pid", "numbers" },
		{ "NS_INUM", "pid_namespace", "ns.inum" },
		{ NULL, NULL, NULL },
	};
	uint32_t inode = kernel_pid_namespace();

	if (!inode)
		return 0;
	source_define(source, "PIDNS", "%u", inode);
	return kernel_define_offsets(kernel, source, offsets, err);
}

#if defined(__x86_64__)
static const char syscall_register[] = "orig_ax";
#else
static const char syscall_register[] = "syscallno";
#endif

enum {
	/* x86-64 keeps a task's registers at the top of its stack of 16 KiB; since FRED two words
	   below it. */
	KERNEL_STACK = 16384,
	PT_REGS = 168,
};

int kernel_define_regs(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset stack[] = {
		{ "TASK_STACK", "task_struct", "stack" },
		{ NULL, NULL, NULL },
	};
	const struct offset regs[] = {
		{ "REGS_SYSCALL", "pt_regs", syscall_register },
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_offsets(kernel, source, regs, err);

	if (r < 0)
		return r;
	/* 5.15+; the kernel knows best where they are. */
	if (btf_has(kernel->btf, "bpf_task_pt_regs")) {
		source_define(source, "HAVE_TASK_PT_REGS", "1");
		return 0;
	}
	source_define(source, "STACK_REGS", "%d", KERNEL_STACK - PT_REGS);
	return kernel_define_offsets(kernel, source, stack, err);
}

int kernel_define_arguments(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset arguments[] = {
#if defined(__x86_64__)
		{ "REGS_ARG1", "pt_regs", "di" },
		{ "REGS_ARG2", "pt_regs", "si" },
		{ "REGS_ARG3", "pt_regs", "dx" },
		{ "REGS_ARG4", "pt_regs", "r10" },
		{ "REGS_ARG5", "pt_regs", "r8" },
		{ "REGS_ARG6", "pt_regs", "r9" },
		{ "REGS_COMPAT1", "pt_regs", "bx" },
		{ "REGS_COMPAT2", "pt_regs", "cx" },
		{ "REGS_COMPAT3", "pt_regs", "dx" },
		{ "REGS_COMPAT4", "pt_regs", "si" },
		{ "REGS_COMPAT5", "pt_regs", "di" },
		{ "REGS_COMPAT6", "pt_regs", "bp" },
#endif
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_offsets(kernel, source, arguments, err);

#if defined(__aarch64__)
	/* An array, which the result overwrites the first of; the call's own copy is in orig_x0. */
	for (int i = 0; r == 0 && i < 6; i++) {
		int base = btf_offset(kernel->btf, "pt_regs", i ? "regs" : "orig_x0", err);
		char name[16];

		if (base < 0)
			return base;
		snprintf(name, sizeof(name), "REGS_ARG%d", i + 1);
		source_define(source, name, "%d", base + (i ? 8 * i : 0));
		snprintf(name, sizeof(name), "REGS_COMPAT%d", i + 1);
		source_define(source, name, "%d", base + (i ? 8 * i : 0));
	}
#endif
	return r;
}

bool kernel_define_compat(const struct kernel *kernel, struct source *source)
{
	struct error ignored = ERROR_INIT;
	int offset = -ENOENT;

	/* A kernel without 32-bit calls has no entry for any of them. */
	if (btf_has(kernel->btf, "__ia32_compat_sys_openat"))
		offset = btf_offset(kernel->btf, "task_struct", "thread_info.status", &ignored);
	if (offset >= 0)
		source_define(source, "TASK_COMPAT_STATUS", "%d", offset);
	error_clear(&ignored);
	return offset >= 0;
}

int kernel_define_field(const struct kernel *kernel, struct source *source, const char *define,
			const char *event, const char *field, struct error *err)
{
	struct tracefs_field where;
	char reason[sizeof(err->text)];
	int r;

	if (kernel->tracefs < 0)
		return error_set(err, -ENOTSUP, "tracefs is not mounted and cannot be: %s",
				 error_name(kernel->tracefs));
	r = tracefs_field(kernel->tracefs, event, field, &where, err);
	if (r < 0) {
		snprintf(reason, sizeof(reason), "%s", err->text);
		return error_set(err, -ENOTSUP, "%s", reason);
	}
	source_define(source, define, "%u", where.offset);
	return 0;
}

int kernel_define_births(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const char event[] = "task/task_newtask";
	int r;

	if (kernel_raw_tracepoints_are_exact(kernel) || kernel_pid_namespace())
		return error_set(err, -ENOTSUP,
				 "raw tracepoints tell more, and miss nothing on this kernel");
	r = kernel_define_field(kernel, source, "NEWTASK_PID", event, "pid", err);
	if (r == 0)
		r = kernel_define_field(kernel, source, "NEWTASK_FLAGS", event, "clone_flags", err);
	if (r == 0)
		source_define(source, "BIRTH_TRACEPOINT", "1");
	return r;
}

/* libbpf keeps the number, so it cannot fail later, where a plan or a table takes it for granted.
 */
int kernel_count_cpus(struct error *err)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus > 0)
		return 0;
	error_set(err, cpus,
		  "reading how many CPUs there can be from /sys/devices/system/cpu/possible: %s",
		  error_name(cpus));
	return error_hint(err, "is sysfs mounted on /sys?");
}

bool kernel_is_confidential(void)
{
	cleanup_fclose FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "";

	return file && fgets(line, sizeof(line), file) && strstr(line, "[confidentiality]");
}

/* Before 5.11 maps count as locked memory, and what is beyond the limit is refused as if for want
 * of privilege. */
static bool is_locked_memory(const struct error *err)
{
	struct rlimit limit;

	return strstr(err->text, "making the map") && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
	       limit.rlim_cur != RLIM_INFINITY;
}

void kernel_explain_refusal(struct error *err)
{
	bool denied = err->code == -EPERM || err->code == -EACCES;
	cleanup_close int proc = proc_open();
	struct error ignored = ERROR_INIT;
	int may = kernel_can_load(&ignored);

	error_clear(&ignored);
	/* What reads kernel memory is an unknown function then, which is EINVAL. */
	if (may == 0 && (denied || err->code == -EINVAL) && kernel_is_confidential())
		error_hint(err, "the kernel is locked down (confidentiality): lockdown=integrity "
				"when booting allows it");
	else if (may == 0 && denied && is_locked_memory(err))
		error_hint(err, "before Linux 5.11 that counts as locked memory: ulimit -l "
				"unlimited, CAP_SYS_RESOURCE, or root");
	else if (may == 0 && denied && read_limit(proc, "sys/kernel/perf_event_paranoid", 0) > 2 &&
		 !(privileges_of() >> CAP_SYS_ADMIN & 1))
		error_hint(err, "kernel.perf_event_paranoid above 2 leaves it to CAP_SYS_ADMIN: "
				"sysctl kernel.perf_event_paranoid=2, or root");
}

int kernel_can_load(struct error *err)
{
	uint64_t effective;
	int r = privileges_read(&effective);

	if (r < 0)
		return error_set(err, r, "asking for this process's capabilities: %s",
				 error_name(r));
	if (effective >> CAP_SYS_ADMIN & 1)
		return 0;
	if ((effective >> CAP_BPF & 1) && (effective >> CAP_PERFMON & 1))
		return 0;
	error_set(err, -EPERM,
		  "tracing the kernel takes root, or CAP_BPF and CAP_PERFMON; this process %s",
		  effective >> CAP_BPF & 1       ? "lacks CAP_PERFMON"
		  : effective >> CAP_PERFMON & 1 ? "lacks CAP_BPF"
						 : "has neither");
	return error_hint(err, "run it with sudo");
}
