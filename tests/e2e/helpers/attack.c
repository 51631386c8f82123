/* SPDX-License-Identifier: MIT */
/*
 * Code that has got control of a tool, to be preloaded into one: when the tool first waits for
 * events after it has given up its privileges, this library tries what an attacker would, one line
 * on standard error for each: "attack: WHAT: refused" or "... allowed".
 *
 * VICTIM is the id of a process of root, SECRET a file that only root may read, and WRITABLE a file
 * that anybody may write.
 *
 * With OVERRUN in the environment, it does nothing but report an overrun of the stack, as a
 * function does that finds its canary changed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Calls newer than the headers of some distributions; the numbers are those of all architectures.
 */
enum {
	PIDFD_SEND_SIGNAL = 424,
	PIDFD_OPEN = 434,
	CLONE3 = 435,
	OPENAT2 = 437,
	PIDFD_GETFD = 438,
	PROCESS_MADVISE = 440,
	MOUNT_SETATTR = 442,
	QUOTACTL_FD = 443,
	LANDLOCK_CREATE_RULESET = 444,
	PROCESS_MRELEASE = 448,
	FCHMODAT2 = 452,
	SETXATTRAT = 463,
	OPEN_TREE_ATTR = 467,
	FILE_SETATTR = 469,
};

static void say(const char *what, bool allowed)
{
	dprintf(STDERR_FILENO, "attack: %s: %s\n", what, allowed ? "allowed" : "refused");
}

/*
 * A call that the filter lets through and the kernel refuses for its arguments is allowed: the
 * filter answers with two errors only.
 */
static void say_call(const char *what, long result)
{
	say(what, result >= 0 || (errno != EPERM && errno != ENOSYS && errno != EACCES));
}

#define TRY(what, call) (errno = 0, say_call(what, (long)(call)))

static const char *in_proc(const char *file)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%s/%s", getenv("VICTIM"), file);
	return path;
}

static void attack_files(void)
{
	const char *file = getenv("WRITABLE");
	union {
		struct file_handle handle;
		char memory[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} at = { .handle = { .handle_bytes = MAX_HANDLE_SZ } };
	int mount = 0;

	TRY("read a file of root's", open(getenv("SECRET"), O_RDONLY));
	TRY("write to a file", open(file, O_WRONLY));
	TRY("read and write a file", open(file, O_RDWR));
	TRY("make a file", open("/tmp/attack-made", O_WRONLY | O_CREAT, 0600));
	TRY("make a file without a name", open("/tmp", O_WRONLY | O_TMPFILE, 0600));
	TRY("empty a file", truncate(file, 0));
	TRY("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, &at, O_RDWR));
	TRY("name_to_handle_at", name_to_handle_at(AT_FDCWD, file, &at.handle, &mount, 0));
	TRY("openat2", syscall(OPENAT2, AT_FDCWD, file, &at, 24));
	TRY("chmod", chmod(file, 0700));
	TRY("fchmodat2", syscall(FCHMODAT2, AT_FDCWD, file, 0777, 0));
	TRY("setxattrat", syscall(SETXATTRAT, AT_FDCWD, file, 0, "user.x", &at, 16));
	TRY("file_setattr", syscall(FILE_SETATTR, AT_FDCWD, file, &at, 24, 0));
	TRY("utimensat", utimensat(AT_FDCWD, file, NULL, 0));
	TRY("unlink", unlink(file));
	TRY("rename", rename(file, "/tmp/attack-renamed"));
	TRY("mq_open", syscall(SYS_mq_open, "attack", O_CREAT | O_RDWR, 0600, NULL));
	TRY("shmget", syscall(SYS_shmget, 4242, 4096, 01000 | 0600));
	TRY("memfd_create", syscall(SYS_memfd_create, "x", 0));
	TRY("mount", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL));
	TRY("mount_setattr", syscall(MOUNT_SETATTR, AT_FDCWD, "/", 0, &at, 32));
	TRY("open_tree_attr", syscall(OPEN_TREE_ATTR, AT_FDCWD, "/", 1, NULL, 0));
	TRY("quotactl_fd", syscall(QUOTACTL_FD, 0, 0, 0, 0));
	TRY("landlock_create_ruleset", syscall(LANDLOCK_CREATE_RULESET, NULL, 0, 1));
	TRY("inotify_init1", syscall(SYS_inotify_init1, 0));
	TRY("fanotify_init", syscall(SYS_fanotify_init, 0x200, 0));
}

static void attack_processes(pid_t victim)
{
	struct rlimit64 limit;
	struct sched_param param = { .sched_priority = 0 };
	unsigned long cpus = 1;

	TRY("read a process's memory", open(in_proc("mem"), O_RDONLY));
	TRY("write to a process's memory", open(in_proc("mem"), O_RDWR));
	TRY("read a process's environment", open(in_proc("environ"), O_RDONLY));
	TRY("read a process's memory map", open(in_proc("maps"), O_RDONLY));
	TRY("read a process's call", open(in_proc("syscall"), O_RDONLY));
	TRY("ptrace", syscall(SYS_ptrace, 16, victim, 0, 0));
	TRY("process_vm_readv", syscall(SYS_process_vm_readv, victim, NULL, 0, NULL, 0, 0));
	TRY("kill a process", kill(victim, SIGTERM));
	TRY("stop a process", syscall(SYS_tkill, victim, SIGSTOP));
	TRY("queue a signal", syscall(SYS_rt_sigqueueinfo, victim, SIGTERM, NULL));
	TRY("signal all processes", kill(-1, 0));
	TRY("signal the process group", kill(0, 0));
	TRY("read a process's limits", prlimit64(victim, RLIMIT_NOFILE, NULL, &limit));
	TRY("raise a limit",
	    prlimit64(0, RLIMIT_NOFILE, &(struct rlimit64){ 1 << 20, 1 << 20 }, NULL));
	TRY("sched_setscheduler of a process", sched_setscheduler(victim, SCHED_IDLE, &param));
	TRY("sched_setattr of a process", syscall(SYS_sched_setattr, victim, &param, 0));
	TRY("sched_setaffinity of a process",
	    sched_setaffinity(victim, sizeof(cpus), (void *)&cpus));
	TRY("setpriority of a process", setpriority(PRIO_PROCESS, (id_t)victim, 10));
	TRY("ioprio_set of a process", syscall(SYS_ioprio_set, 1, victim, 1 << 13));
	TRY("a signal by pidfd",
	    syscall(PIDFD_SEND_SIGNAL, syscall(PIDFD_OPEN, victim, 0), 9, 0, 0));
	TRY("pidfd_getfd", syscall(PIDFD_GETFD, 0, 0, 0));
	TRY("process_mrelease", syscall(PROCESS_MRELEASE, 0, 0));
	TRY("process_madvise", syscall(PROCESS_MADVISE, 0, NULL, 0, 21, 0));
}

/* Becoming more than it is: code, other processes, users, connections, typed input, programs. */
static void attack_itself(void)
{
	union bpf_attr attr = { .map_id = 1 };
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *code;

	TRY("writable code", (code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) == MAP_FAILED
				     ? -1
				     : 0);
	TRY("code from data", mprotect(page, 4096, PROT_READ | PROT_EXEC));
	TRY("execve", syscall(SYS_execve, "/bin/true", NULL, NULL));
	TRY("execveat", syscall(SYS_execveat, 0, "", NULL, NULL, AT_EMPTY_PATH));
	TRY("clone", syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
	TRY("clone3", syscall(CLONE3, NULL, 0));
	TRY("setuid", syscall(SYS_setuid, 0));
	TRY("unshare", unshare(CLONE_NEWUSER));
	TRY("dumpable", prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	TRY("another filter", syscall(SYS_seccomp, 1, 0, NULL));
	TRY("an Internet socket", socket(AF_INET, SOCK_STREAM, 0));
	TRY("a local socket", socket(AF_UNIX, SOCK_STREAM, 0));
	TRY("a netlink socket", socket(AF_NETLINK, SOCK_RAW, 0));
	TRY("typed input (TIOCSTI)", ioctl(STDIN_FILENO, TIOCSTI, "x"));
	TRY("terminal's paste (TIOCLINUX)", ioctl(STDIN_FILENO, TIOCLINUX, "\2"));
	TRY("signals by a descriptor", fcntl(STDIN_FILENO, F_SETOWN, 1));
	TRY("vmsplice", syscall(SYS_vmsplice, 1, NULL, 0, 0));
	TRY("perf_event_open", syscall(SYS_perf_event_open, NULL, -1, 0, -1, 0));
	TRY("loading a program", syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)));
	TRY("another tool's map", syscall(SYS_bpf, BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr)));
	TRY("pinning a map", syscall(SYS_bpf, BPF_OBJ_PIN, &attr, sizeof(attr)));
}

/* Which kernel's filter is in place? Before it, the call succeeds; the tool's own refuses it. */
static bool has_dropped(void)
{
	int mode = prctl(PR_GET_SECCOMP, 0, 0, 0, 0);

	return mode == 2 || (mode < 0 && errno == EPERM);
}

extern void __stack_chk_fail(void);

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	static bool done;
	static int (*real)(struct pollfd *, nfds_t, int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "poll");
	if (!done && has_dropped()) {
		done = true;
		if (getenv("OVERRUN"))
			__stack_chk_fail();
		attack_files();
		attack_processes((pid_t)atoi(getenv("VICTIM")));
		attack_itself();
		say("end", false);
	}
	return real(fds, count, timeout_ms);
}

/* The same with _FORTIFY_SOURCE, see faults_twins.c. */
int __poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t room);
int __poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t room)
{
	(void)room;
	return poll(fds, count, timeout_ms);
}
