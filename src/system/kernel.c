/* SPDX-License-Identifier: MIT */
/* What the running kernel is and offers. See kernel.h. */
#define _GNU_SOURCE
#include "kernel.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cleanup.h"
#include "procfs.h"
#include "tracefs.h"

/*
 * The real version, also in a process that setarch --uname-2.6 has started: uname(2) says 2.6
 * there.
 */
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

/* Ubuntu: "Ubuntu 4.15.0-213.224-generic 4.15.18". Debian, in uname(2): "... Debian 4.9.30-2". */
static bool read_true_version(const struct utsname *uts, unsigned version[3])
{
	cleanup_fclose FILE *file = fopen("/proc/version_signature", "re");
	const char *debian = strstr(uts->version, "Debian ");

	if (file && fscanf(file, "%*s %*s %u.%u.%u", &version[0], &version[1], &version[2]) == 3)
		return true;
	return debian &&
	       sscanf(debian, "Debian %u.%u.%u", &version[0], &version[1], &version[2]) == 3;
}

uint32_t kernel_version_code(void)
{
	unsigned version[3] = { 0 };
	struct utsname uts;

	if (uname_truly(&uts) < 0)
		return 0;
	if (!read_true_version(&uts, version))
		sscanf(uts.release, "%u.%u.%u", &version[0], &version[1], &version[2]);
	/* Later patches of long-lived kernels have the code of number 255. */
	return version[0] << 16 | version[1] << 8 | (version[2] < 255 ? version[2] : 255);
}

int kernel_open(struct kernel *kernel, bool use_cache, struct error *err)
{
	struct error ignored = ERROR_INIT;
	unsigned major = 0, minor = 0;
	struct utsname uts;

	memset(kernel, 0, sizeof(*kernel));
	kernel->tracefs = -1;
	if (uname_truly(&uts) < 0)
		return error_set(err, -errno, "uname: %s", error_words(errno));
	snprintf(kernel->release, sizeof(kernel->release), "%.64s", uts.release);
	sscanf(uts.release, "%u.%u", &major, &minor);
	kernel->version = KERNEL_VERSION_OF(major, minor);
	kernel->btf_lacks = btf_kernel_open(&kernel->btf, use_cache, &ignored);
	kernel->lacks = bpf_features_lacking(kernel->btf, kernel->version);
	/* Types that cannot be read are another matter. */
	if (kernel->btf_lacks == -ENOENT)
		kernel->found = found_offsets_open(use_cache);
	kernel->tracefs = tracefs_open(&ignored);
	error_clear(&ignored);
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	btf_kernel_free(kernel->btf);
	found_offsets_close(kernel->found);
	if (kernel->tracefs >= 0)
		close(kernel->tracefs);
	kernel->btf = NULL;
	kernel->found = NULL;
	kernel->tracefs = -1;
}

int kernel_offset(const struct kernel *kernel, const char *type, const char *member,
		  struct error *err)
{
	if (kernel->btf)
		return btf_offset(kernel->btf, type, member, err);
	return found_offset(kernel->found, type, member, err);
}

bool kernel_types_hooks(const struct kernel *kernel)
{
	return kernel->btf && !(kernel->lacks & BPF_TYPED_HOOKS);
}

bool kernel_has_kprobes(void)
{
	return access("/sys/bus/event_source/devices/kprobe/type", F_OK) == 0;
}

bool kernel_swaps_wait(const struct kernel *kernel)
{
	return kernel->version >= KERNEL_VERSION_OF(4, 20);
}

static uint32_t tasks_max(uint32_t times)
{
	cleanup_close int proc = procfs_open();
	uint64_t pids = procfs_limit(proc, "sys/kernel/pid_max", 32768);
	uint64_t threads = (uint64_t)times * procfs_limit(proc, "sys/kernel/threads-max", 32768);

	return (uint32_t)(pids < threads ? pids : threads);
}

uint32_t kernel_processes_max(void)
{
	return tasks_max(1);
}

uint32_t kernel_unfreed_max(void)
{
	return tasks_max(2);
}

uint32_t kernel_map_capacity(uint32_t least, uint32_t each)
{
	uint32_t entries = each * (uint32_t)libbpf_num_possible_cpus();

	return entries > least ? entries : least;
}

int kernel_btf_failed(const struct kernel *kernel, struct error *err)
{
	int r = kernel->btf_lacks;

	if (!r || r == -ENOENT || r == -EACCES || r == -EPERM)
		return btf_kernel_failed(kernel->btf, err);
	return btf_unreadable(r, err);
}

uint32_t kernel_pid_namespace(void)
{
	const ino_t initial = 0xeffffffc; /* PROC_PID_INIT_INO, fixed since 3.8 */
	cleanup_close int proc = procfs_open();
	struct stat st;

	return proc >= 0 && fstatat(proc, "self/ns/pid", &st, 0) == 0 && st.st_ino != initial
		       ? (uint32_t)st.st_ino
		       : 0;
}

int kernel_count_cpus(struct error *err)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus > 0)
		return 0;
	error_set(err, cpus,
		  "reading how many CPUs there can be from /sys/devices/system/cpu/possible: %s",
		  error_words(cpus));
	return error_hint(err, "is sysfs mounted on /sys?");
}
