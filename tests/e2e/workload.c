/* SPDX-License-Identifier: MIT */
/*
 * Does an exact, known number of things and prints as JSON what a tool must have seen of it.
 *
 *   workload [--gate] [--out PATH] [--threads T] STEP [+ STEP]...
 *
 *   --gate       print {"ready":true,...}, then wait for a line on stdin before the first step
 *   --out PATH   results go there instead of stdout (opened with openat2: no openat is added)
 *   --threads T  T threads are started before the gate; each of them runs all steps
 *
 *   openat N M [T]        N openat calls that succeed and M that fail with ENOENT, on T threads
 *   syscall NAME|NR N [ARG...]   N times this system call
 *   getppid N             the same for getppid
 *   fork N, vfork N       N children, one after the other, that exit with 0
 *   threads N             N threads, one after the other; each is gone before the next begins
 *   exec N [execveat]     N children that execve (or execveat) this program as `noop marker-I`
 *   exit CODE...          one child for each code
 *   signal NUMBER|NAME... one child for each, killed by itself
 *   comm BYTES            prctl(PR_SET_NAME); \xNN escapes are understood
 *   exec-argv ARG...      execve this program as `noop ARG...`; \xNN escapes are understood
 *   wait HOW N MS         N calls that take MS ms each; HOW: clock_nanosleep, poll, pselect6
 *   block HOW             one call, until somebody writes a line to stdin; HOW: read, poll. Or for
 * ever: pause handle N              N signals to itself, which it handles rename N [FIRST]      N
 * names, all different: r0 to rN-1, or from rFIRST on compat CLOSE GETPPID  so many of these calls
 * as a 32-bit program makes them, if the kernel has such calls spawn K STEP...       K children at
 * once, each of which runs all the steps that remain abandon STEP...       a child that runs all
 * the steps that remain, and is not waited for exec-thread STEP...   a thread that is not the first
 * executes this program, to run all the steps that remain
 *
 * Each step prints one line, in one write(2). Apart from that and what the C library needs to
 * start, a step makes only the calls it is named for; where libc would add some they are made raw.
 * Linked statically, so that no dynamic loader opens anything.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MISSING "/nonexistent-bcc-tools/none"

enum { LINE_MAX_BYTES = 1 << 16, THREADS_MAX = 256, ARGS_MAX = 64 };

struct line {
	size_t len;
	char text[LINE_MAX_BYTES];
};

static const char *self_path;
static const char *out_path;
static int out_fd = STDOUT_FILENO;

static void die(const char *what)
{
	dprintf(STDERR_FILENO, "workload: %s: %s\n", what, strerror(errno));
	_exit(99);
}

static void __attribute__((format(printf, 2, 3)))
line_add(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(line->text + line->len, sizeof(line->text) - line->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(line->text) - line->len) {
		errno = ENOBUFS;
		die("result line");
	}
	line->len += n;
}

static void line_begin(struct line *line, const char *step)
{
	line->len = 0;
	line_add(line, "{\"step\":\"%s\",\"pid\":%ld,\"tid\":%ld", step, syscall(SYS_getpid),
		 syscall(SYS_gettid));
}

static void line_end(struct line *line)
{
	line_add(line, "}\n");
	if (write(out_fd, line->text, line->len) != (ssize_t)line->len)
		die("write");
}

static long number(const char *text)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 0);
	if (errno || end == text || *end) {
		errno = EINVAL;
		die(text);
	}
	return value;
}

static char *unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		unsigned byte;
		if (sscanf(from, "\\x%2x", &byte) == 1) {
			*to++ = (char)byte;
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return text;
}

/* A bare child: no at-fork handlers and no set_robust_list, only clone(2). */
static pid_t raw_fork(void)
{
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static int reap(pid_t pid)
{
	int status;

	if (pid < 0)
		die("fork");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return status;
}

static void open_some(long succeed, long fail)
{
	for (long i = 0; i < succeed; i++) {
		long fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);
		if (fd < 0)
			die("openat /dev/null");
		close((int)fd);
	}
	for (long i = 0; i < fail; i++)
		if (syscall(SYS_openat, AT_FDCWD, MISSING, O_RDONLY, 0) >= 0 || errno != ENOENT)
			die("openat " MISSING);
}

struct share {
	long succeed;
	long fail;
};

static void *open_share(void *arg)
{
	const struct share *share = arg;

	open_some(share->succeed, share->fail);
	return NULL;
}

static void do_openat(struct line *line, int argc, char **argv)
{
	long succeed = number(argv[1]), fail = number(argv[2]), n = argc > 3 ? number(argv[3]) : 1;
	pthread_t threads[THREADS_MAX];
	struct share shares[THREADS_MAX];

	if (n < 1 || n > THREADS_MAX)
		die("openat: threads");
	for (long i = 0; i < n && n > 1; i++) {
		shares[i].succeed = succeed / n + (i < succeed % n);
		shares[i].fail = fail / n + (i < fail % n);
		if (pthread_create(&threads[i], NULL, open_share, &shares[i]))
			die("pthread_create");
	}
	for (long i = 0; i < n && n > 1; i++)
		pthread_join(threads[i], NULL);
	if (n == 1)
		open_some(succeed, fail);
	line_begin(line, argv[0]);
	line_add(line, ",\"opens\":%ld,\"failed\":%ld", succeed + fail, fail);
	line_end(line);
}

static long syscall_number(const char *name)
{
	static const struct {
		const char *name;
		long nr;
	} known[] = {
		{ "close", SYS_close },
		{ "getppid", SYS_getppid },
		{ "getuid", SYS_getuid },
		{ "sched_get_priority_max", SYS_sched_get_priority_max },
		{ "sched_yield", SYS_sched_yield },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].nr;
	return number(name);
}

static void do_syscall(struct line *line, int argc, char **argv)
{
	bool named = !strcmp(argv[0], "syscall");
	long nr = syscall_number(named ? argv[1] : argv[0]);
	long calls = number(argv[named ? 2 : 1]), errors = 0, arg[6] = { 0 };

	for (int i = 3; i < argc && i < 9; i++)
		arg[i - 3] = number(argv[i]);
	for (long i = 0; i < calls; i++)
		errors += syscall(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]) == -1;
	line_begin(line, argv[0]);
	line_add(line, ",\"nr\":%ld,\"calls\":%ld,\"errors\":%ld", nr, calls, errors);
	line_end(line);
}

static void do_fork(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);

	(void)argc;
	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (long i = 0; i < n; i++) {
		pid_t pid = argv[0][0] == 'v' ? vfork() : raw_fork();
		if (pid == 0)
			_exit(0);
		reap(pid);
		line_add(line, "%s%d", i ? "," : "", pid);
	}
	line_add(line, "]");
	line_end(line);
}

static void *say_tid(void *arg)
{
	*(long *)arg = syscall(SYS_gettid);
	return NULL;
}

static void do_threads(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]), pid = syscall(SYS_getpid);

	(void)argc;
	line_begin(line, argv[0]);
	line_add(line, ",\"tids\":[");
	for (long i = 0; i < n; i++) {
		pthread_t thread;
		long tid = 0;
		if (pthread_create(&thread, NULL, say_tid, &tid))
			die("pthread_create");
		pthread_join(thread, NULL);
		/* join returns while the thread is still on its way out: wait until it is gone */
		while (!syscall(SYS_tgkill, pid, tid, 0))
			syscall(SYS_sched_yield);
		line_add(line, "%s%ld", i ? "," : "", tid);
	}
	line_add(line, "]");
	line_end(line);
}

static void do_exec(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);
	bool at = argc > 2;

	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (long i = 0; i < n; i++) {
		char marker[32];
		snprintf(marker, sizeof(marker), "marker-%ld", i);
		char *args[] = { (char *)self_path, "noop", marker, NULL };
		pid_t pid = raw_fork();
		if (pid == 0) {
			if (at)
				syscall(SYS_execveat, AT_FDCWD, self_path, args, environ, 0);
			else
				execve(self_path, args, environ);
			die(self_path);
		}
		if (reap(pid) != 0)
			die("exec child");
		line_add(line, "%s%d", i ? "," : "", pid);
	}
	line_add(line, "]");
	line_end(line);
}

static void do_exit(struct line *line, int argc, char **argv)
{
	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (int i = 1; i < argc; i++) {
		int code = (int)number(argv[i]);
		pid_t pid = raw_fork();
		if (pid == 0)
			_exit(code);
		line_add(line, "%s{\"pid\":%d,\"code\":%d}", i > 1 ? "," : "", pid,
			 WEXITSTATUS(reap(pid)));
	}
	line_add(line, "]");
	line_end(line);
}

static int signal_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {
		{ "SIGHUP", SIGHUP },   { "SIGINT", SIGINT },   { "SIGQUIT", SIGQUIT },
		{ "SIGABRT", SIGABRT }, { "SIGKILL", SIGKILL }, { "SIGUSR1", SIGUSR1 },
		{ "SIGSEGV", SIGSEGV }, { "SIGPIPE", SIGPIPE }, { "SIGALRM", SIGALRM },
		{ "SIGTERM", SIGTERM }, { "SIGBUS", SIGBUS },   { "SIGFPE", SIGFPE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].number;
	return (int)number(name);
}

static void do_signal(struct line *line, int argc, char **argv)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (int i = 1; i < argc; i++) {
		int sig = signal_number(argv[i]);
		pid_t pid = raw_fork();
		if (pid == 0) {
			signal(sig, SIG_DFL);
			kill((pid_t)syscall(SYS_getpid), sig);
			for (;;)
				pause();
		}
		int status = reap(pid);
		line_add(line, "%s{\"pid\":%d,\"signal\":%d,\"core\":%s}", i > 1 ? "," : "", pid,
			 WTERMSIG(status), WCOREDUMP(status) ? "true" : "false");
	}
	line_add(line, "]");
	line_end(line);
}

static void do_comm(struct line *line, int argc, char **argv)
{
	(void)argc;
	(void)line;
	if (prctl(PR_SET_NAME, unescape(argv[1])))
		die("prctl");
}

static void do_exec_argv(struct line *line, int argc, char **argv)
{
	char *args[ARGS_MAX] = { (char *)self_path, "noop" };

	for (int i = 1; i < argc && i + 2 < ARGS_MAX; i++)
		args[i + 1] = unescape(argv[i]);
	line_begin(line, argv[0]);
	line_end(line);
	execve(self_path, args, environ);
	die(self_path);
}

static long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

static long wait_ms(const char *how, long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	if (!strcmp(how, "clock_nanosleep"))
		return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
	if (!strcmp(how, "poll"))
		return poll(NULL, 0, (int)ms);
	if (!strcmp(how, "pselect6")) {
		struct timespec changes = time;
		return syscall(SYS_pselect6, 0, NULL, NULL, NULL, &changes, NULL);
	}
	errno = EINVAL;
	return -1;
}

/* How long each took is measured around it, so that no tool may see it take longer. */
static void do_wait(struct line *line, int argc, char **argv)
{
	long n = number(argv[2]), ms = argc > 3 ? number(argv[3]) : 1;

	line_begin(line, argv[0]);
	line_add(line, ",\"ns\":[");
	for (long i = 0; i < n; i++) {
		long before = now_ns();
		if (wait_ms(argv[1], ms))
			die(argv[1]);
		line_add(line, "%s%ld", i ? "," : "", now_ns() - before);
	}
	line_add(line, "]");
	line_end(line);
}

static void do_block(struct line *line, int argc, char **argv)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char answer[64];
	long r = -1, before = now_ns();

	(void)argc;
	if (!strcmp(argv[1], "read"))
		r = syscall(SYS_read, STDIN_FILENO, answer, sizeof(answer));
	else if (!strcmp(argv[1], "poll"))
		r = poll(&in, 1, -1);
	else if (!strcmp(argv[1], "pause"))
		r = pause();
	if (r <= 0)
		die(argv[1]);
	line_begin(line, argv[0]);
	line_add(line, ",\"ns\":%ld", now_ns() - before);
	line_end(line);
}

static volatile sig_atomic_t handled;

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

static void do_handle(struct line *line, int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	long n = number(argv[1]), pid = syscall(SYS_getpid), tid = syscall(SYS_gettid);

	(void)argc;
	if (sigaction(SIGUSR1, &action, NULL))
		die("sigaction");
	for (long i = 0; i < n; i++)
		if (syscall(SYS_tgkill, pid, tid, SIGUSR1))
			die("tgkill");
	line_begin(line, argv[0]);
	line_add(line, ",\"handled\":%d", (int)handled);
	line_end(line);
}

static void do_rename(struct line *line, int argc, char **argv)
{
	long first = argc > 2 ? number(argv[2]) : 0, end = first + number(argv[1]);

	for (long i = first; i < end; i++) {
		char name[16];
		snprintf(name, sizeof(name), "r%u", (unsigned)i);
		if (prctl(PR_SET_NAME, name))
			die("prctl");
	}
	line_begin(line, argv[0]);
	line_end(line);
}

#if defined(__x86_64__)
enum { I386_CLOSE = 6, I386_GETPPID = 64 };

static long compat_call(int nr, int arg)
{
	int result = nr;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(arg), "c"(0), "d"(0), "S"(0), "D"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}
#endif

/* A kernel that has no 32-bit calls takes the instruction for a fault: a child tries it. */
static bool compat_is_there(void)
{
#if defined(__x86_64__)
	pid_t pid = raw_fork();

	if (pid == 0)
		_exit(compat_call(I386_GETPPID, 0) <= 0);
	return reap(pid) == 0;
#else
	return false;
#endif
}

static void do_compat(struct line *line, int argc, char **argv)
{
	long closes = number(argv[1]), getppids = number(argv[2]);
	bool there = compat_is_there();

	(void)argc;
#if defined(__x86_64__)
	for (long i = 0; there && i < closes; i++)
		if (compat_call(I386_CLOSE, -1) != -EBADF)
			die("32-bit close");
	for (long i = 0; there && i < getppids; i++)
		if (compat_call(I386_GETPPID, 0) <= 0)
			die("32-bit getppid");
#endif
	line_begin(line, argv[0]);
	line_add(line, ",\"there\":%s,\"close\":%ld,\"getppid\":%ld", there ? "true" : "false",
		 there ? closes : 0, there ? getppids : 0);
	line_end(line);
}

static void run_steps(char **argv);

static void do_spawn(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);
	pid_t pids[THREADS_MAX];

	(void)argc;
	if (n > THREADS_MAX)
		die("spawn: children");
	for (long i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			run_steps(argv + 2);
			_exit(0);
		}
	}
	for (long i = 0; i < n; i++)
		if (reap(pids[i]) != 0)
			die("spawn: a child");
	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (long i = 0; i < n; i++)
		line_add(line, "%s%d", i ? "," : "", pids[i]);
	line_add(line, "]");
	line_end(line);
}

static void do_abandon(struct line *line, int argc, char **argv)
{
	pid_t pid = fork();

	(void)argc;
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		run_steps(argv + 1);
		_exit(0);
	}
	line_begin(line, argv[0]);
	line_add(line, ",\"child\":%d", pid);
	line_end(line);
}

static void *exec_steps(void *arg)
{
	char **argv = arg, *args[ARGS_MAX] = { (char *)self_path };
	int n = 1;

	if (out_path) {
		args[n++] = (char *)"--out";
		args[n++] = (char *)out_path;
	}
	while (*argv && n + 1 < ARGS_MAX)
		args[n++] = *argv++;
	execve(self_path, args, environ);
	die(self_path);
	return NULL;
}

static void do_exec_thread(struct line *line, int argc, char **argv)
{
	pthread_t thread;

	(void)argc;
	line_begin(line, argv[0]);
	line_end(line);
	if (pthread_create(&thread, NULL, exec_steps, argv + 1))
		die("pthread_create");
	pthread_join(thread, NULL);
}

static const struct {
	const char *name;
	int args;
	bool takes_all; /* that remain */
	void (*run)(struct line *line, int argc, char **argv);
} steps[] = {
	{ "openat", 2, false, do_openat },
	{ "syscall", 2, false, do_syscall },
	{ "getppid", 1, false, do_syscall },
	{ "fork", 1, false, do_fork },
	{ "vfork", 1, false, do_fork },
	{ "threads", 1, false, do_threads },
	{ "exec", 1, false, do_exec },
	{ "exit", 1, false, do_exit },
	{ "signal", 1, false, do_signal },
	{ "comm", 1, false, do_comm },
	{ "exec-argv", 1, false, do_exec_argv },
	{ "wait", 2, false, do_wait },
	{ "block", 1, false, do_block },
	{ "handle", 1, false, do_handle },
	{ "rename", 1, false, do_rename },
	{ "compat", 2, false, do_compat },
	{ "spawn", 2, true, do_spawn },
	{ "abandon", 1, true, do_abandon },
	{ "exec-thread", 1, true, do_exec_thread },
};

static size_t find_step(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (!strcmp(steps[i].name, name))
			return i;
	dprintf(STDERR_FILENO, "workload: no step '%s'\n", name);
	_exit(99);
}

static void run_steps(char **argv)
{
	struct line line;

	while (*argv) {
		size_t step = find_step(argv[0]);
		int argc = 0;
		while (argv[argc] && (steps[step].takes_all || strcmp(argv[argc], "+")))
			argc++;
		if (argc <= steps[step].args) {
			dprintf(STDERR_FILENO, "workload: bad step '%s'\n", argv[0]);
			_exit(99);
		}
		steps[step].run(&line, argc, argv);
		argv += argc;
		if (*argv)
			argv++;
	}
}

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool open;
	long count;
	long tids[THREADS_MAX];
	char **argv;
};

static void *pool_thread(void *arg)
{
	struct pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	pool->tids[pool->count++] = syscall(SYS_gettid);
	pthread_cond_broadcast(&pool->change);
	while (!pool->open)
		pthread_cond_wait(&pool->change, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	run_steps(pool->argv);
	return NULL;
}

static void wait_at_gate(const struct pool *pool)
{
	struct line line;
	char answer[64];

	line.len = 0;
	line_add(&line, "{\"ready\":true,\"pid\":%ld,\"tids\":[", syscall(SYS_getpid));
	for (long i = 0; i < pool->count; i++)
		line_add(&line, "%s%ld", i ? "," : "", pool->tids[i]);
	line_add(&line, "]");
	line_end(&line);
	if (read(STDIN_FILENO, answer, sizeof(answer)) <= 0)
		_exit(98);
}

static void open_out(const char *path)
{
	struct open_how how = { .flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, .mode = 0666 };

	out_path = path;
	out_fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	if (out_fd < 0)
		die(path);
}

int main(int argc, char **argv)
{
	static struct pool pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
				    .change = PTHREAD_COND_INITIALIZER };
	pthread_t threads[THREADS_MAX];
	long n = 0;
	bool gate = false;

	self_path = argv[0];
	if (argc > 1 && !strcmp(argv[1], "noop"))
		return 0;
	for (argv++; *argv && !strncmp(*argv, "--", 2); argv++) {
		if (!strcmp(*argv, "--gate"))
			gate = true;
		else if (!strcmp(*argv, "--out") && argv[1])
			open_out(*++argv);
		else if (!strcmp(*argv, "--threads") && argv[1])
			n = number(*++argv);
		else
			break;
	}
	pool.argv = argv;
	if (!*argv || n < 0 || n > THREADS_MAX) {
		dprintf(STDERR_FILENO,
			"usage: workload [--gate] [--out PATH] [--threads T] STEP [+ STEP]...\n");
		return 99;
	}
	for (long i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, pool_thread, &pool))
			die("pthread_create");
	pthread_mutex_lock(&pool.lock);
	while (pool.count < n)
		pthread_cond_wait(&pool.change, &pool.lock);
	if (gate)
		wait_at_gate(&pool);
	pool.open = true;
	pthread_cond_broadcast(&pool.change);
	pthread_mutex_unlock(&pool.lock);
	for (long i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	if (n == 0)
		run_steps(argv);
	return 0;
}
