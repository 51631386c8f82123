/* SPDX-License-Identifier: MIT */
/* Which argument of which system call means what. See arg_rules.h. */
#define _GNU_SOURCE
#include "arg_rules.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cleanup.h"

#define ENUM(set) .field = (set)
#define FLAGS(set) .flags = (set)
/* Only if argument @arg is @value. */
#define IF(arg, value) .when = (arg), .is = (uint64_t)(value)

/* The kernel's order of arguments, as in its tracepoints. */
const struct arg_rule arg_rules[] = {
	/* files */
	{ "open:2 openat:3 open_by_handle_at:3 mq_open:2", ENUM("open_access"), .mask = O_RDWR | 1,
	  FLAGS("open_flags") },
	{ "pipe2:2 dup3:3", FLAGS("open_flags") },
	{ "umask:1 umask:0", .show = SHOW_OCTAL },
	{ "mknod:2 mknodat:3", ENUM("file_types"), .mask = 0170000, .octal = true },
	{ "newfstatat:4 fstatat64:4 linkat:5 fchownat:5 utimensat:4 execveat:5 fchmodat2:4 "
	  "name_to_handle_at:5",
	  FLAGS("at_flags") },
	{ "statx:3", ENUM("at_sync"), .mask = 0x6000, FLAGS("at_flags") },
	{ "statx:4", FLAGS("statx_masks") },
	{ "unlinkat:3", FLAGS("at_remove") },
	{ "faccessat2:4", FLAGS("at_access") },
	{ "access:2 faccessat:3 faccessat2:3", FLAGS("access_modes") },
	{ "lseek:3 _llseek:5", ENUM("seek_whence") },
	{ "fadvise64:4", ENUM("advice_file") },
	{ "fallocate:2", FLAGS("fallocate_modes") },
	{ "renameat2:5", FLAGS("rename_flags") },
	{ "splice:6 tee:4 vmsplice:4", FLAGS("splice_flags") },
	{ "preadv2:6 pwritev2:6", FLAGS("rw_flags") },
	{ "setxattr:5 lsetxattr:5 fsetxattr:5", FLAGS("xattr_flags") },
	{ "mount:4", FLAGS("mount_flags") },
	{ "umount2:2", FLAGS("umount_flags") },
	{ "close_range:3", FLAGS("close_range_flags") },
	{ "flock:2", ENUM("flock_operations"), FLAGS("flock_flags") },
	{ "fcntl:2 fcntl64:2", ENUM("fcntl_commands") },
	{ "fcntl:3 fcntl64:3", FLAGS("descriptor_flags"), IF(2, F_SETFD) },
	{ "fcntl:3 fcntl64:3", ENUM("open_access"), .mask = O_RDWR | 1, FLAGS("open_flags"),
	  IF(2, F_SETFL) },
	{ "fcntl:3 fcntl64:3", FLAGS("seals"), IF(2, F_ADD_SEALS) },
	{ "fcntl:3 fcntl64:3", .show = SHOW_NUMBER, IF(2, F_DUPFD) },
	{ "fcntl:3 fcntl64:3", .show = SHOW_NUMBER, IF(2, F_DUPFD_CLOEXEC) },
	{ "fcntl:3 fcntl64:3", .show = SHOW_NUMBER, IF(2, F_SETOWN) },
	{ "fcntl:3 fcntl64:3", .show = SHOW_NUMBER, IF(2, F_SETPIPE_SZ) },
	{ "fcntl:3 fcntl64:3", ENUM("signals"), IF(2, F_SETSIG) },
	{ "fcntl:0 fcntl64:0", FLAGS("descriptor_flags"), IF(2, F_GETFD) },
	{ "fcntl:0 fcntl64:0", ENUM("open_access"), .mask = O_RDWR | 1, FLAGS("open_flags"),
	  IF(2, F_GETFL) },
	{ "fcntl:0 fcntl64:0", FLAGS("seals"), IF(2, F_GET_SEALS) },
	{ "ioctl:3", .show = SHOW_NUMBER, IF(2, FICLONE) },
	{ "ioctl:2", ENUM("ioctl_requests") },
	{ "inotify_init1:1", FLAGS("inotify_init_flags") },
	{ "inotify_add_watch:3", FLAGS("inotify_masks") },
	{ "epoll_create1:1", FLAGS("epoll_flags") },
	{ "epoll_ctl:2", ENUM("epoll_operations") },
	{ "eventfd2:2", FLAGS("eventfd_flags") },
	{ "signalfd4:4", FLAGS("signalfd_flags") },
	{ "chown:2 chown:3 lchown:2 lchown:3 fchown:2 fchown:3 fchownat:3 fchownat:4 "
	  "setuid:1 setgid:1 setreuid:1 setreuid:2 setregid:1 setregid:2 setresuid:1 setresuid:2 "
	  "setresuid:3 setresgid:1 setresgid:2 setresgid:3 setfsuid:1 setfsgid:1",
	  .show = SHOW_ID },

	/* memory */
	{ "brk:1 mmap:1 mmap2:1 munmap:1 mprotect:1 pkey_mprotect:1 mremap:1 mremap:5 madvise:1 "
	  "msync:1 mlock:1 mlock2:1 munlock:1 mincore:1 brk:0 mmap:0 mmap2:0 mremap:0 shmat:0",
	  .show = SHOW_ADDRESS },
	{ "mmap:3 mmap2:3 mprotect:3 pkey_mprotect:3", FLAGS("protections") },
	{ "mmap:4 mmap2:4", ENUM("map_types"), .mask = 0xf, FLAGS("map_flags") },
	{ "mmap:6", .show = SHOW_HEX },
	{ "mremap:4", FLAGS("remap_flags") },
	{ "madvise:3 process_madvise:4", ENUM("advice_memory") },
	{ "msync:3", FLAGS("sync_flags") },
	{ "mlockall:1", FLAGS("lock_all_flags") },
	{ "mlock2:3", FLAGS("lock_flags") },
	{ "set_mempolicy:1 mbind:3", ENUM("memory_policies"), FLAGS("memory_policy_flags") },
	{ "memfd_create:2", FLAGS("memfd_flags") },
	{ "membarrier:1", ENUM("membarrier_commands") },

	/* processes and signals */
	{ "clone:1", ENUM("signals"), .mask = 0xff, FLAGS("clone_flags"), .last = true },
	{ "unshare:1 setns:2", FLAGS("clone_flags") },
	{ "kill:2 tkill:2 tgkill:3 rt_sigaction:1 rt_sigqueueinfo:2 rt_tgsigqueueinfo:3 "
	  "pidfd_send_signal:2",
	  ENUM("signals") },
	{ "rt_sigprocmask:1", ENUM("mask_how") },
	{ "wait4:3 waitpid:3 waitid:4", FLAGS("wait_options") },
	{ "waitid:1", ENUM("wait_ids") },
	{ "getrusage:1", ENUM("rusage_who") },
	{ "prlimit64:2 getrlimit:1 setrlimit:1", ENUM("rlimits") },
	{ "getpriority:1 setpriority:1", ENUM("priority_which") },
	{ "sched_setscheduler:2 sched_get_priority_max:1 sched_get_priority_min:1",
	  ENUM("schedulers"), FLAGS("scheduler_flags") },
	{ "sched_getscheduler:0", ENUM("schedulers") },
	{ "futex:2", ENUM("futex_operations"), FLAGS("futex_flags") },
	{ "prctl:1", ENUM("prctl_options") },
	{ "prctl:2", ENUM("capabilities"), IF(1, PR_CAPBSET_READ) },
	{ "prctl:2", ENUM("capabilities"), IF(1, PR_CAPBSET_DROP) },
	{ "prctl:2", ENUM("signals"), IF(1, PR_SET_PDEATHSIG) },
	{ "arch_prctl:1", ENUM("arch_prctl_options") },
	{ "ptrace:1", ENUM("ptrace_requests") },
	{ "seccomp:1", ENUM("seccomp_operations") },
	{ "seccomp:2", FLAGS("seccomp_flags"), IF(1, 1) },
	{ "bpf:1", ENUM("bpf_commands") },
	{ "landlock_create_ruleset:3", FLAGS("landlock_flags") },
	{ "getrandom:3", FLAGS("getrandom_flags") },
	{ "rseq:2 rseq:4", .show = SHOW_HEX },

	/* time */
	{ "setitimer:1 getitimer:1", ENUM("timers") },
	{ "clock_gettime:1 clock_settime:1 clock_getres:1 clock_nanosleep:1 clock_adjtime:1 "
	  "timer_create:1 timerfd_create:1",
	  ENUM("clocks") },
	{ "clock_nanosleep:2 timer_settime:2", FLAGS("timer_flags") },
	{ "timerfd_create:2", FLAGS("timerfd_flags") },
	{ "timerfd_settime:2", FLAGS("timerfd_set_flags") },

	/* sockets and System V IPC */
	{ "socket:1 socketpair:1", ENUM("families") },
	{ "socket:2 socketpair:2", ENUM("socket_types"), FLAGS("socket_flags") },
	{ "socket:3", ENUM("inet_protocols"), IF(1, AF_INET) },
	{ "socket:3", ENUM("inet_protocols"), IF(1, AF_INET6) },
	{ "socket:3", ENUM("netlink_protocols"), IF(1, AF_NETLINK) },
	{ "accept4:4", FLAGS("socket_flags") },
	{ "sendto:4 recvfrom:4 sendmsg:3 recvmsg:3 sendmmsg:4 recvmmsg:4", FLAGS("message_flags") },
	{ "shutdown:2", ENUM("shutdown_how") },
	{ "setsockopt:2 getsockopt:2", ENUM("option_levels") },
	{ "setsockopt:3 getsockopt:3", ENUM("socket_options"), IF(2, SOL_SOCKET) },
	{ "setsockopt:3 getsockopt:3", ENUM("ip_options"), IF(2, IPPROTO_IP) },
	{ "setsockopt:3 getsockopt:3", ENUM("ipv6_options"), IF(2, IPPROTO_IPV6) },
	{ "setsockopt:3 getsockopt:3", ENUM("tcp_options"), IF(2, IPPROTO_TCP) },
	{ "semget:1 shmget:1 msgget:1", ENUM("ipc_keys") },
	{ "semget:3 shmget:3 msgget:2", FLAGS("ipc_flags"), .octal = true },
	{ "msgctl:2 shmctl:2", ENUM("ipc_commands") },
};

const size_t arg_rules_count = array_size(arg_rules);

static bool names(const struct arg_rule *rule, const char *call, unsigned arg)
{
	size_t len = strlen(call);

	for (const char *p = rule->args; *p; p += strcspn(p, " "), p += *p == ' ')
		if (strncmp(p, call, len) == 0 && p[len] == ':' && p[len + 1] == (char)('0' + arg))
			return true;
	return false;
}

size_t arg_rules_of(const char *call, unsigned arg, const struct arg_rule *out[ARG_RULES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < array_size(arg_rules) && n < ARG_RULES_MAX; i++)
		if (names(&arg_rules[i], call, arg))
			out[n++] = &arg_rules[i];
	return n;
}

/* ---- how many arguments mean anything ---- */

/* Values of an argument that make the last ones mean nothing. */
struct unused {
	const char *call;
	size_t declared; /* arguments of the call, so that no other version of it is meant */
	size_t used;
	unsigned arg;
	uint64_t mask; /* of the argument: its bits to compare */
	uint64_t values[8];
	size_t nvalues;
};

#define VALUES(...)                                                                                \
	.values = { __VA_ARGS__ }, .nvalues = sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t)
/* Flags that make a file. O_TMPFILE has a bit of O_DIRECTORY. */
#define MAKING (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))

static const struct unused unused[] = {
	{ "open", 3, 2, 2, MAKING, VALUES(0) },
	{ "openat", 4, 3, 3, MAKING, VALUES(0) },
	{ "mq_open", 4, 2, 2, MAKING, VALUES(0) },
	{ "mknod", 3, 2, 2, S_IFMT, VALUES(0, S_IFREG, S_IFIFO, S_IFSOCK) },
	{ "mknodat", 4, 3, 3, S_IFMT, VALUES(0, S_IFREG, S_IFIFO, S_IFSOCK) },
	{ "fcntl", 3, 2, 2, UINT32_MAX,
	  VALUES(F_GETFD, F_GETFL, F_GETOWN, F_GETSIG, F_GETLEASE, F_GETPIPE_SZ, F_GET_SEALS) },
	{ "ioctl", 3, 2, 2, UINT32_MAX, VALUES(FIOCLEX, FIONCLEX, TIOCEXCL, TIOCNXCL, TIOCNOTTY) },
	{ "mremap", 5, 4, 4, MREMAP_FIXED | MREMAP_DONTUNMAP, VALUES(0) },
	{ "futex", 6, 3, 2, FUTEX_CMD_MASK, VALUES(FUTEX_WAKE) },
	{ "futex", 6, 4, 2, FUTEX_CMD_MASK, VALUES(FUTEX_WAIT) },
	{ "futex", 6, 2, 2, FUTEX_CMD_MASK, VALUES(FUTEX_UNLOCK_PI, FUTEX_TRYLOCK_PI) },
	{ "prctl", 5, 2, 1, UINT32_MAX,
	  VALUES(PR_SET_NAME, PR_GET_NAME, PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS,
		 PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_SET_TIMERSLACK) },
	{ "prctl", 5, 1, 1, UINT32_MAX,
	  VALUES(PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_GET_SECCOMP, PR_GET_SECUREBITS,
		 PR_GET_TIMERSLACK) },
};

static bool holds(const struct unused *u, const __u64 values[CALL_ARGS])
{
	for (size_t i = 0; i < u->nvalues; i++)
		if ((values[u->arg - 1] & u->mask) == u->values[i])
			return true;
	return false;
}

size_t arg_rules_used(const char *call, size_t declared, const __u64 values[CALL_ARGS])
{
	for (size_t i = 0; i < array_size(unused); i++)
		if (strcmp(unused[i].call, call) == 0 && unused[i].declared == declared &&
		    holds(&unused[i], values))
			return unused[i].used;
	return declared;
}
