/* SPDX-License-Identifier: MIT */
/* What a run gives up once its probes are attached. See privileges.h. */
#define _GNU_SOURCE
#include "privileges.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capabilities.h"
#include "cleanup.h"
#include "own_user.h"
#include "realtime.h"
#include "sanitizer.h"

/*
 * Every capability a run may keep after attaching, and why. Detaching takes none, as it only closes
 * descriptors; reading what was opened before takes none either.
 */
static const struct {
	int capability;
	const char *name;
	unsigned uses;
} needs[] = {
	/*
	 * Before 5.19 every command of bpf(2) takes it, unless kernel.unprivileged_bpf_disabled is
	 * 0.
	 */
	{ CAP_BPF, "CAP_BPF", PRIVILEGE_MAPS },
	/*
	 * Raising the priority while maps are read (realtime.h), where RLIMIT_RTPRIO does not allow
	 * it.
	 */
	{ CAP_SYS_NICE, "CAP_SYS_NICE", PRIVILEGE_REALTIME },
	/*
	 * The kernel shows /proc/PID/task/TID/syscall only to processes that may trace the thread,
	 * and with hidepid the whole of /proc/PID.
	 */
	{ CAP_SYS_PTRACE, "CAP_SYS_PTRACE", PRIVILEGE_TASKS },
	/* Only its owner may read the same file; open_by_handle_at(2) of a cgroup takes it too. */
	{ CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH", PRIVILEGE_TASKS | PRIVILEGE_CGROUPS },
	/*
	 * SIGTERM to a COMMAND that is still running when the run ends: it runs as root or as the
	 * user of --as. The filter of system calls allows no other process to be signalled.
	 */
	{ CAP_KILL, "CAP_KILL", PRIVILEGE_COMMAND },
	/* perf_event_open(2) for all processes of a CPU. */
	{ CAP_PERFMON, "CAP_PERFMON", PRIVILEGE_BUFFERS },
	/* Perf buffers that are larger than kernel.perf_event_mlock_kb. */
	{ CAP_IPC_LOCK, "CAP_IPC_LOCK", PRIVILEGE_BUFFERS },
};

static uint64_t capabilities_for(unsigned uses)
{
	uint64_t capabilities = 0;

	for (size_t i = 0; i < array_size(needs); i++)
		if (needs[i].uses & uses)
			capabilities |= CAPABILITY_BIT(needs[i].capability);
	return capabilities;
}

uint64_t privileges_available(unsigned uses)
{
	return capabilities_effective() & capabilities_for(uses);
}

/*
 * In a user namespace without other users, or where setgroups(2) is forbidden, the process stays
 * root.
 */
static int give_up_root(bool *root, struct error *err)
{
	uint64_t now = capabilities_effective();
	int r;

	*root = geteuid() == 0 || getuid() == 0;
	if (!*root || !(now & CAPABILITY_BIT(CAP_SETUID)) || !(now & CAPABILITY_BIT(CAP_SETGID)))
		return 0;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_set(err, -errno, "giving up root: PR_SET_KEEPCAPS: %s",
				 error_words(errno));
	r = own_user_become();
	if (r == 0)
		*root = false;
	else if (r != -EINVAL && r != -EPERM)
		return error_set(err, r, "giving up root: %s", error_words(r));
	/* setresuid() has kept the capabilities, but cleared the effective set. */
	if (capabilities_set(now, now) < 0)
		return error_set(err, -errno, "giving up root: capset: %s", error_words(errno));
	return 0;
}

/*
 * The parent may have asked the kernel to end this process when the parent ends (unshare
 * --kill-child, setpriv --pdeathsig). The kernel forgets that when a process becomes another user.
 */
static int give_up_root_keep_death_signal(bool *root, struct error *err)
{
	pid_t parent = getppid();
	int with_parent = 0, r;

	prctl(PR_GET_PDEATHSIG, &with_parent, 0, 0, 0);
	r = give_up_root(root, err);
	if (r < 0 || !with_parent)
		return r;
	prctl(PR_SET_PDEATHSIG, with_parent, 0, 0, 0);
	if (getppid() != parent)
		raise(with_parent);
	return 0;
}

/* Every capability that this kernel knows. */
static int drop_bounding_set(struct error *err)
{
	for (int i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0; i++)
		;
	/* It ends with the first capability that the kernel does not know. */
	if (errno != EINVAL)
		return error_set(err, -errno, "PR_CAPBSET_DROP: %s", error_words(errno));
	if (prctl(PR_SET_SECUREBITS, SECURE_ALL_BITS | SECURE_ALL_LOCKS, 0, 0, 0) < 0)
		return error_set(err, -errno, "PR_SET_SECUREBITS: %s", error_words(errno));
	return 0;
}

/*
 * Take away what execve(2) could bring back, although the seccomp filter refuses execve(2). For a
 * helper process, which parses nothing, the bit no_new_privs does.
 */
static int limit_execve(bool tool, struct error *err)
{
	if (tool && (capabilities_effective() & CAPABILITY_BIT(CAP_SETPCAP))) {
		int r = drop_bounding_set(err);

		if (r < 0)
			return r;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return error_set(err, -errno, "PR_CAP_AMBIENT_CLEAR_ALL: %s", error_words(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set(err, -errno, "PR_SET_NO_NEW_PRIVS: %s", error_words(errno));
	return 0;
}

/*
 * Does this kernel check capabilities before it looks at the map? No map has this descriptor: a
 * kernel that does not check fails with EBADF.
 */
static bool maps_take_privilege(void)
{
	union bpf_attr none = { .map_fd = UINT32_MAX };

	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &none, sizeof(none)) < 0 && errno == EPERM;
}

/*
 * Debian's and Ubuntu's kernels ask for CAP_SYS_ADMIN instead of CAP_PERFMON where
 * kernel.perf_event_paranoid is above 2, as theirs is; kernels before 5.8 always do.
 */
static bool buffers_take_admin(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof(attr),
					.config = PERF_COUNT_SW_BPF_OUTPUT };
	cleanup_close int fd =
		(int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 && (errno == EACCES || errno == EPERM);
}

static int drop_capabilities(unsigned uses, bool reads_maps, struct error *err)
{
	uint64_t now = capabilities_effective(), kept = now & capabilities_for(uses);
	uint64_t admin = now & CAPABILITY_BIT(CAP_SYS_ADMIN);
	/* Before 5.8 there is no CAP_BPF, and CAP_SYS_ADMIN serves; later it includes CAP_BPF. */
	uint64_t maps =
		now & CAPABILITY_BIT((now & CAPABILITY_BIT(CAP_BPF)) ? CAP_BPF : CAP_SYS_ADMIN);

	if (uses & PRIVILEGE_BUFFERS)
		maps |= admin;
	if (capabilities_set(kept | maps, kept) < 0)
		return error_set(err, -errno, "giving up capabilities: capset: %s",
				 error_words(errno));
	if (reads_maps && maps_take_privilege())
		kept |= maps;
	if ((uses & PRIVILEGE_BUFFERS) && buffers_take_admin())
		kept |= admin;
	if (capabilities_set(kept, kept) < 0)
		return error_set(err, -errno, "giving up capabilities: capset: %s",
				 error_words(errno));
	return 0;
}

static int filter_calls(enum seccomp_filter filter, int subject, bool *filtered, struct error *err)
{
	int r = 0;

#ifdef SANITIZED
	/* The leak checker forks at the end and traces this process with ptrace(2). */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	(void)filter;
	(void)subject;
	*filtered = false;
#else
	r = seccomp_filter_install(filter, subject, err);
	*filtered = r == 0;
	if (r == -ENOTSUP) {
		error_clear(err);
		r = 0;
	}
#endif
	return r;
}

int privileges_drop(unsigned uses, enum seccomp_filter filter, int subject, struct privileges *left,
		    struct error *err)
{
	bool tool = filter == SECCOMP_FILTER_TOOL;
	int r;

	*left = (struct privileges){ .root = false };
	if (tool && !realtime_allow())
		uses |= PRIVILEGE_REALTIME;
	r = give_up_root_keep_death_signal(&left->root, err);
	if (r == 0)
		r = limit_execve(tool, err);
	if (r == 0)
		r = drop_capabilities(uses, tool, err);
	left->capabilities = capabilities_effective();
	if (r == 0)
		r = filter_calls(filter, subject, &left->filtered, err);
	return r;
}

unsigned privileges_lacking(unsigned uses, const struct privileges *left)
{
	unsigned lacking = 0;

	for (size_t i = 0; i < array_size(needs); i++)
		if (!(left->capabilities & CAPABILITY_BIT(needs[i].capability)))
			lacking |= needs[i].uses & uses;
	return lacking;
}

const char *privileges_names(uint64_t capabilities, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < array_size(needs) && len < size; i++)
		if (capabilities & CAPABILITY_BIT(needs[i].capability))
			len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? ", " : "",
						needs[i].name);
	if (len < size && (capabilities & CAPABILITY_BIT(CAP_SYS_ADMIN)))
		snprintf(buf + len, size - len, "%sCAP_SYS_ADMIN", len ? ", " : "");
	return buf;
}

const char *privileges_text(const struct privileges *left, char *buf, size_t size)
{
	size_t len = strlen(privileges_names(left->capabilities, buf, size));

	if (len < size)
		snprintf(buf + len, size - len, "%s%s; system calls %s",
			 len ? "" : "no capabilities",
			 left->root ? "; still root, as it may not become another user" : "",
			 left->filtered ? "filtered" : "not filtered, as the kernel cannot");
	return buf;
}
