/* SPDX-License-Identifier: MIT */
/*
 * A library for LD_PRELOAD. Lets one call of a tool to the C library fail as if the kernel had
 * refused it, or kills or stops the process there.
 *
 *   FAULTS_LOG=FILE      write each call that could be refused to FILE, one a line: its kind, and
 *                        the file or object it is about. A refused call is marked by a `!`.
 *   FAULTS=KIND:N:WHAT   act on the Nth call of this kind. WHAT: the number of an errno, `kill` or
 *                        `stop`. N+ means this call and all that follow.
 *   FAULTS_IN=child      count the calls of the tool's children that have not executed a program,
 *                        not those of the tool
 *
 * KIND is the name of a function (`open`, `mmap`, `malloc`). System calls that the C library has no
 * function for are `bpf:PROG_LOAD` and the like, `perf_event_open` and a few more (see name_of()),
 * or `syscall:NUMBER`.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	pid_t tool;
	int log;
	bool in_child, lasting, busy;
	char kind[128];
	unsigned long number, seen;
	int what; /* errno, or -SIGKILL, -SIGSTOP */
} faults = { .log = -1 };

/* A raw system call: this library replaces most functions that would do. */
static void put(const char *text, size_t len)
{
	syscall(SYS_write, faults.log, text, len);
}

static void parse(char *text)
{
	char *number = strrchr(text, ':'), *what = number;

	if (!number)
		return;
	*number = '\0';
	number = strrchr(text, ':');
	if (!number)
		return;
	*number++ = '\0';
	what++;
	snprintf(faults.kind, sizeof(faults.kind), "%s", text);
	faults.number = strtoul(number, NULL, 10);
	faults.lasting = strchr(number, '+') != NULL;
	faults.what = strcmp(what, "kill") == 0   ? -SIGKILL
		      : strcmp(what, "stop") == 0 ? -SIGSTOP
						  : atoi(what);
}

__attribute__((constructor)) static void begin(void)
{
	const char *log = getenv("FAULTS_LOG"), *in = getenv("FAULTS_IN"), *what = getenv("FAULTS");
	char text[128];

	faults.busy = true;
	if (what) {
		snprintf(text, sizeof(text), "%s", what);
		parse(text);
	}
	if (log)
		faults.log = (int)syscall(SYS_openat, AT_FDCWD, log,
					  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (faults.log >= 0 && faults.log < 900) {
		int high = (int)syscall(SYS_fcntl, faults.log, F_DUPFD_CLOEXEC, 900);

		if (high >= 0) {
			syscall(SYS_close, faults.log);
			faults.log = high;
		}
	}
	faults.in_child = in && strcmp(in, "child") == 0;
	faults.tool = (pid_t)syscall(SYS_getpid);
	/* Do not act in a command that the tool starts. */
	unsetenv("LD_PRELOAD");
	unsetenv("FAULTS");
	unsetenv("FAULTS_LOG");
	faults.busy = false;
}

/* Log the call. Return: must it fail? errno is set then. */
static bool refuse(const char *kind, const char *of)
{
	char line[400];
	bool hit;
	int len;

	if (!faults.tool || faults.busy ||
	    ((pid_t)syscall(SYS_getpid) != faults.tool) != faults.in_child)
		return false;
	faults.busy = true;
	hit = strcmp(kind, faults.kind) == 0 &&
	      (++faults.seen == faults.number || (faults.lasting && faults.seen > faults.number));
	if (faults.log >= 0) {
		len = snprintf(line, sizeof(line), "%s%s %s\n", hit ? "!" : "", kind, of ? of : "");
		put(line, (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1);
	}
	if (hit && faults.what < 0)
		syscall(SYS_kill, syscall(SYS_getpid), -faults.what);
	if (hit && faults.what > 0)
		errno = faults.what;
	faults.busy = false;
	return hit && faults.what > 0;
}

/* The path of a descriptor, for the log. */
static const char *file_of(int fd)
{
	static char name[200];
	char link[32];
	long len;

	if (faults.log < 0 || faults.busy)
		return NULL;
	faults.busy = true;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = syscall(SYS_readlinkat, AT_FDCWD, link, name, sizeof(name) - 1);
	name[len > 0 ? len : 0] = '\0';
	faults.busy = false;
	return name;
}

/* Define `real`: the function of the C library that this one replaces. */
#define REAL(name)                                                                                 \
	static __typeof__(&name) real;                                                             \
	if (!real) {                                                                               \
		bool busy = faults.busy;                                                           \
		faults.busy = true;                                                                \
		*(void **)&real = dlsym(RTLD_NEXT, #name);                                         \
		faults.busy = busy;                                                                \
	}

#define FAULTY(type, name, parameters, arguments, failed, of)                                      \
	type name parameters                                                                       \
	{                                                                                          \
		REAL(name)                                                                         \
		return refuse(#name, of) ? (failed) : real arguments;                              \
	}

/* --- memory: dlsym() itself allocates, before the real functions are known --- */

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t size)
{
	return refuse("malloc", NULL) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuse("malloc", "calloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuse("malloc", "realloc") ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return refuse("malloc", "reallocarray") ? NULL : __libc_realloc(old, bytes);
}

/* --- system calls that the C library has no function for --- */

static const char *bpf_command(long command)
{
	static const char *const names[] = {
		[BPF_MAP_CREATE] = "bpf:MAP_CREATE",
		[BPF_MAP_LOOKUP_ELEM] = "bpf:MAP_LOOKUP",
		[BPF_MAP_UPDATE_ELEM] = "bpf:MAP_UPDATE",
		[BPF_MAP_DELETE_ELEM] = "bpf:MAP_DELETE",
		[BPF_MAP_LOOKUP_BATCH] = "bpf:MAP_LOOKUP_BATCH",
		[BPF_MAP_LOOKUP_AND_DELETE_BATCH] = "bpf:MAP_TAKE_BATCH",
		[BPF_PROG_LOAD] = "bpf:PROG_LOAD",
		[BPF_RAW_TRACEPOINT_OPEN] = "bpf:RAW_TRACEPOINT_OPEN",
		[BPF_LINK_CREATE] = "bpf:LINK_CREATE",
		[BPF_OBJ_GET_INFO_BY_FD] = "bpf:GET_INFO",
		[BPF_BTF_LOAD] = "bpf:BTF_LOAD",
		[BPF_ENABLE_STATS] = "bpf:ENABLE_STATS",
	};
	const long count = sizeof(names) / sizeof(names[0]);

	return command >= 0 && command < count && names[command] ? names[command] : "bpf:OTHER";
}

static const char *name_of(long number, long first, char *buf, size_t size)
{
	switch (number) {
	case SYS_bpf:
		return bpf_command(first);
	case SYS_perf_event_open:
		return "perf_event_open";
	case SYS_fsopen:
		return "fsopen";
	case SYS_fsconfig:
		return "fsconfig";
	case SYS_fsmount:
		return "fsmount";
	case SYS_pidfd_open:
		return "pidfd_open";
	case SYS_capget:
		return "capget";
	case SYS_capset:
		return "capset";
	default:
		snprintf(buf, size, "syscall:%ld", number);
		return buf;
	}
}

long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	char name[32];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (!real) {
		bool busy = faults.busy;

		faults.busy = true;
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
		faults.busy = busy;
	}
	if (faults.tool && !faults.busy && number != SYS_getpid && number != SYS_write &&
	    number != SYS_kill && number != SYS_readlinkat &&
	    refuse(name_of(number, a[0], name, sizeof(name)), NULL))
		return -1;
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* --- functions of the C library --- */

int ioctl(int fd, unsigned long request, ...)
{
	void *argument;
	va_list ap;

	va_start(ap, request);
	argument = va_arg(ap, void *);
	va_end(ap);
	REAL(ioctl)
	if (refuse(request == PERF_EVENT_IOC_SET_BPF  ? "ioctl:SET_BPF"
		   : request == PERF_EVENT_IOC_ENABLE ? "ioctl:ENABLE"
						      : "ioctl",
		   NULL))
		return -1;
	return real(fd, request, argument);
}

static mode_t mode_of(int flags, va_list ap)
{
	return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(ap, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		va_list ap;                                                                        \
		mode_t mode;                                                                       \
		va_start(ap, flags);                                                               \
		mode = mode_of(flags, ap);                                                         \
		va_end(ap);                                                                        \
		REAL(name)                                                                         \
		return refuse("open", path) ? -1 : real(path, flags, mode);                        \
	}
#define OPENAT(name)                                                                               \
	int name(int at, const char *path, int flags, ...)                                         \
	{                                                                                          \
		va_list ap;                                                                        \
		mode_t mode;                                                                       \
		va_start(ap, flags);                                                               \
		mode = mode_of(flags, ap);                                                         \
		va_end(ap);                                                                        \
		REAL(name)                                                                         \
		return refuse("openat", path) ? -1 : real(at, path, flags, mode);                  \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

FILE *fopen(const char *path, const char *mode)
{
	REAL(fopen)
	return refuse("open", path) ? NULL : real(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	REAL(fopen64)
	return refuse("open", path) ? NULL : real(path, mode);
}

int fcntl(int fd, int command, ...)
{
	long argument;
	va_list ap;

	va_start(ap, command);
	argument = va_arg(ap, long);
	va_end(ap);
	REAL(fcntl)
	if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && refuse("dup", NULL))
		return -1;
	return real(fd, command, argument);
}

FAULTY(int, dup2, (int from, int to), (from, to), -1, NULL)
FAULTY(int, access, (const char *path, int mode), (path, mode), -1, path)
FAULTY(int, stat, (const char *path, struct stat *st), (path, st), -1, path)
FAULTY(int, fstat, (int fd, struct stat *st), (fd, st), -1, file_of(fd))
FAULTY(int, fstatat, (int at, const char *path, struct stat *st, int flags), (at, path, st, flags),
       -1, path)
FAULTY(FILE *, fdopen, (int fd, const char *mode), (fd, mode), NULL, file_of(fd))
FAULTY(DIR *, fdopendir, (int fd), (fd), NULL, file_of(fd))
FAULTY(char *, mkdtemp, (char *template), (template), NULL, template)
FAULTY(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), -1, path)
FAULTY(int, renameat, (int from, const char *old, int to, const char *new), (from, old, to, new),
       -1, new)
FAULTY(int, linkat, (int from, const char *old, int to, const char *new, int flags),
       (from, old, to, new, flags), -1, new)
FAULTY(ssize_t, read, (int fd, void *buf, size_t size), (fd, buf, size), -1, file_of(fd))
FAULTY(ssize_t, pread, (int fd, void *buf, size_t size, off_t at), (fd, buf, size, at), -1,
       file_of(fd))
FAULTY(ssize_t, write, (int fd, const void *buf, size_t size), (fd, buf, size), -1, file_of(fd))
FAULTY(void *, mmap, (void *at, size_t size, int prot, int flags, int fd, off_t offset),
       (at, size, prot, flags, fd, offset), MAP_FAILED, NULL)
FAULTY(void *, mmap64, (void *at, size_t size, int prot, int flags, int fd, off64_t offset),
       (at, size, prot, flags, fd, offset), MAP_FAILED, NULL)
FAULTY(pid_t, fork, (void), (), -1, NULL)
FAULTY(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options), -1, NULL)
FAULTY(int, pipe2, (int fds[2], int flags), (fds, flags), -1, NULL)
FAULTY(int, eventfd, (unsigned count, int flags), (count, flags), -1, NULL)
FAULTY(int, timerfd_create, (int clock, int flags), (clock, flags), -1, NULL)
FAULTY(int, timerfd_settime,
       (int fd, int flags, const struct itimerspec *new, struct itimerspec *old),
       (fd, flags, new, old), -1, NULL)
FAULTY(int, memfd_create, (const char *name, unsigned flags), (name, flags), -1, name)
FAULTY(int, poll, (struct pollfd * fds, nfds_t count, int timeout), (fds, count, timeout), -1, NULL)
FAULTY(int, chroot, (const char *path), (path), -1, path)
FAULTY(int, fchdir, (int fd), (fd), -1, file_of(fd))
FAULTY(int, unshare, (int flags), (flags), -1, NULL)
FAULTY(int, setrlimit, (__rlimit_resource_t resource, const struct rlimit *limit),
       (resource, limit), -1, NULL)
FAULTY(int, setresuid, (uid_t r, uid_t e, uid_t s), (r, e, s), -1, NULL)
FAULTY(int, sched_setscheduler, (pid_t pid, int policy, const struct sched_param *param),
       (pid, policy, param), -1, NULL)
FAULTY(void *, dlopen, (const char *path, int mode), (path, mode), NULL, path)
