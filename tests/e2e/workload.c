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
 *   exec N                N children that execve this program as `noop marker-I`
 *   exit CODE...          one child for each code
 *   signal NUMBER|NAME... one child for each, killed by itself
 *   comm BYTES            prctl(PR_SET_NAME); \xNN escapes are understood
 *   exec-argv ARG...      execve this program as `noop ARG...`; \xNN escapes are understood
 *   spawn K STEP...       K children at once, each of which runs all the steps that remain
 *
 * Each step prints one line, in one write(2). Apart from that and what the C library needs to
 * start, a step makes only the calls it is named for; where libc would add some they are made raw.
 * Linked statically, so that no dynamic loader opens anything.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
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
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MISSING "/nonexistent-bcc-tools/none"

enum { LINE_MAX_BYTES = 1 << 16, THREADS_MAX = 256, ARGS_MAX = 64 };

struct line {
	size_t len;
	char text[LINE_MAX_BYTES];
};

static const char *self_path;
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

	(void)argc;
	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (long i = 0; i < n; i++) {
		char marker[32];
		snprintf(marker, sizeof(marker), "marker-%ld", i);
		char *args[] = { (char *)self_path, "noop", marker, NULL };
		pid_t pid = raw_fork();
		if (pid == 0) {
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

static const struct {
	const char *name;
	int args;
	void (*run)(struct line *line, int argc, char **argv);
} steps[] = {
	{ "openat", 2, do_openat }, { "syscall", 2, do_syscall },     { "getppid", 1, do_syscall },
	{ "fork", 1, do_fork },     { "vfork", 1, do_fork },          { "threads", 1, do_threads },
	{ "exec", 1, do_exec },     { "exit", 1, do_exit },           { "signal", 1, do_signal },
	{ "comm", 1, do_comm },     { "exec-argv", 1, do_exec_argv }, { "spawn", 2, do_spawn },
};

static void run_step(int argc, char **argv)
{
	struct line line;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (strcmp(steps[i].name, argv[0]))
			continue;
		if (argc <= steps[i].args)
			break;
		steps[i].run(&line, argc, argv);
		return;
	}
	dprintf(STDERR_FILENO, "workload: bad step '%s'\n", argv[0]);
	_exit(99);
}

static void run_steps(char **argv)
{
	while (*argv) {
		bool takes_all = !strcmp(argv[0], "spawn");
		int argc = 0;
		while (argv[argc] && (takes_all || strcmp(argv[argc], "+")))
			argc++;
		run_step(argc, argv);
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
