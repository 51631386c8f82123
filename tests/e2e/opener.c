/* SPDX-License-Identifier: MIT */
/*
 * Opens files in every way there is, an exact number of times, and prints as JSON what a tool must
 * have seen of it.
 *
 *   opener [--gate] [--err] [--threads T] STEP [+ STEP]...
 *
 *   --gate       print {"ready":true,...}, then wait for a line on stdin before the first step
 *   --err        results go to standard error instead of standard output; a file would have to be
 * opened
 *   --threads T  T threads are started before the gate; each of them runs all steps
 *
 *   open CALL N PATH [FLAGS [MODE [RESOLVE [SIZE]]]]
 *                         N such calls, each descriptor closed. CALL: open, creat, openat, openat2,
 * open_by_handle_at, any of these with `i386:` in front, or io_uring:openat, io_uring:openat2,
 * which may have options behind them: ,skip (IOSQE_CQE_SKIP_SUCCESS) ,async (IOSQE_ASYNC) ,poll
 * (SQPOLL) at PATH|NUMBER        what relative paths start from in the steps that follow, instead
 * of the working directory distinct N PREFIX     N openat calls of PREFIX0 to PREFIXN-1, which are
 * not there children K NAME N M   K children, one after the other, named NAME0 to NAMEK-1: N openat
 * calls of /dev/null, M that fail chdir PATH, rmdir PATH, comm NAME limit N               so many
 * descriptors at most pin                   thread I stays on the I-th CPU
 *
 * Paths and names may have \xNN escapes; the path @null is no address, @bad one that cannot be
 * read, @stale the handle of a file that is not there. Each step that opens prints one line
 * (children: one for each hundred of them), in one write(2). Nothing else is opened, in no way.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "opener_calls.h"

#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MISSING "/nonexistent-bcc-tools/none"

enum { LINE_MAX_BYTES = 1 << 16, THREADS_MAX = 256, SHOWN_MAX = 100 };

struct line {
	size_t len;
	char text[LINE_MAX_BYTES];
};

static int out_fd = STDOUT_FILENO;
static __thread long thread_index;

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

static long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

static void do_open(struct line *line, int argc, char **argv)
{
	struct given *given = mmap(NULL, sizeof(*given), PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct way way = parse_way(argv[1]);
	long n = number(argv[2]), failed = 0;
	int results[SHOWN_MAX];
	long ns[SHOWN_MAX];
	struct ring ring = { .fd = -1 };
	bool there = way.uring ? ring_begin(&ring, way.polled) : !way.compat || i386_is_there();

	if (given == MAP_FAILED)
		die("mmap");
	if (way.sqe_flags & IOSQE_CQE_SKIP_SUCCESS)
		there = there && ring.features & IORING_FEAT_CQE_SKIP;
	fill_given(given, way.call, argc, argv);
	n = there ? n : 0;
	for (long i = 0; i < n; i++) {
		long before = now_ns();
		int result = way.uring ? ring_once(&ring, way.call, way.sqe_flags, given)
				       : make_call(way.call, way.compat, given);
		if (i < SHOWN_MAX) {
			results[i] = result;
			ns[i] = now_ns() - before;
		}
		failed += result < 0;
		if (result >= 0)
			close(result);
	}
	line_begin(line, argv[0]);
	line_add(line, ",\"call\":\"%s\",\"there\":%s,\"opens\":%ld,\"failed\":%ld", argv[1],
		 there ? "true" : "false", n, failed);
	line_add(line, ",\"ends_known\":%s", way.uring && ring_has_cqe32() ? "true" : "false");
	for (long i = 0; i < n && i < SHOWN_MAX; i++)
		line_add(line, "%s%d", i ? "," : ",\"ret\":[", results[i]);
	for (long i = 0; i < n && i < SHOWN_MAX; i++)
		line_add(line, "%s%ld", i ? "," : "],\"ns\":[", ns[i]);
	line_add(line, n ? "]" : ",\"ret\":[],\"ns\":[]");
	line_end(line);
	if (ring.fd >= 0)
		ring_end(&ring);
	munmap(given, sizeof(*given));
}

static void do_at(struct line *line, int argc, char **argv)
{
	char path[PATH_BYTES], *end;

	(void)argc;
	(void)line;
	at_fd = (int)strtol(argv[1], &end, 0);
	if (!*end)
		return;
	unescape(argv[1], path, sizeof(path));
	/* Gives a descriptor as O_PATH does, and is no way to open a file. */
	at_fd = (int)syscall(SYS_open_tree, AT_FDCWD, path, O_CLOEXEC);
	if (at_fd < 0)
		die(path);
}

static void do_distinct(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);
	char path[PATH_BYTES];

	(void)argc;
	for (long i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s%ld", argv[2], i);
		if (native(SYS_openat, AT_FDCWD, (long)path, O_RDONLY, 0) != -ENOENT)
			die(path);
	}
	line_begin(line, argv[0]);
	line_add(line, ",\"opens\":%ld", n);
	line_end(line);
}

static void open_as_child(const char *name, long index, long succeed, long fail)
{
	char comm[64];

	snprintf(comm, sizeof(comm), "%s%ld", name, index);
	if (prctl(PR_SET_NAME, comm))
		_exit(1);
	for (long i = 0; i < succeed; i++)
		if (native(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDONLY, 0) < 0)
			_exit(1);
	for (long i = 0; i < fail; i++)
		if (native(SYS_openat, AT_FDCWD, (long)MISSING, O_RDONLY, 0) != -ENOENT)
			_exit(1);
	_exit(0);
}

static void do_children(struct line *line, int argc, char **argv)
{
	long k = number(argv[1]), succeed = number(argv[3]), fail = number(argv[4]);

	(void)argc;
	for (long i = 0; i < k; i++) {
		pid_t pid = vfork(); /* ten times as fast as a copy */
		if (pid == 0)
			open_as_child(argv[2], i, succeed, fail);
		if (reap(pid) != 0)
			die("a child");
		if (i % 100 == 0) {
			line_begin(line, argv[0]);
			line_add(line, ",\"first\":%ld,\"children\":[", i);
		}
		line_add(line, "%s%d", i % 100 ? "," : "", pid);
		if (i % 100 == 99 || i == k - 1) {
			line_add(line, "]");
			line_end(line);
		}
	}
}

static void do_dir(struct line *line, int argc, char **argv)
{
	char path[PATH_BYTES];

	(void)argc;
	(void)line;
	unescape(argv[1], path, sizeof(path));
	if (argv[0][0] == 'c' ? chdir(path) : rmdir(path))
		die(path);
}

static void do_comm(struct line *line, int argc, char **argv)
{
	char name[64];

	(void)argc;
	(void)line;
	unescape(argv[1], name, sizeof(name));
	if (prctl(PR_SET_NAME, name))
		die("prctl");
}

static void do_limit(struct line *line, int argc, char **argv)
{
	const struct rlimit limit = { (rlim_t)number(argv[1]), (rlim_t)number(argv[1]) };

	(void)argc;
	(void)line;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
}

static void do_pin(struct line *line, int argc, char **argv)
{
	cpu_set_t allowed, one;
	long left;

	(void)argc;
	(void)line;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		die(argv[0]);
	left = thread_index % CPU_COUNT(&allowed);
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && left-- == 0)
			CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die(argv[0]);
}

static const struct {
	const char *name;
	int args;
	void (*run)(struct line *line, int argc, char **argv);
} steps[] = {
	{ "open", 3, do_open }, { "at", 1, do_at },       { "distinct", 2, do_distinct },
	{ "chdir", 1, do_dir }, { "rmdir", 1, do_dir },   { "children", 4, do_children },
	{ "comm", 1, do_comm }, { "limit", 1, do_limit }, { "pin", 0, do_pin },
};

static void run_steps(char **argv)
{
	struct line line;

	while (*argv) {
		size_t step = 0;
		int argc = 0;
		while (argv[argc] && strcmp(argv[argc], "+"))
			argc++;
		while (step < ARRAY_SIZE(steps) && strcmp(steps[step].name, argv[0]))
			step++;
		if (step == ARRAY_SIZE(steps) || argc <= steps[step].args) {
			dprintf(STDERR_FILENO, "opener: bad step '%s'\n", argv[0]);
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
	thread_index = pool->count++;
	pool->tids[thread_index] = syscall(SYS_gettid);
	pthread_cond_broadcast(&pool->change);
	while (!pool->open)
		pthread_cond_wait(&pool->change, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	run_steps(pool->argv);
	return NULL;
}

static void wait_at_gate(const struct pool *pool)
{
	struct line line = { .len = 0 };
	char answer[64];

	line_add(&line, "{\"ready\":true,\"pid\":%ld,\"tids\":[", syscall(SYS_getpid));
	for (long i = 0; i < pool->count; i++)
		line_add(&line, "%s%ld", i ? "," : "", pool->tids[i]);
	line_add(&line, "]");
	line_end(&line);
	if (read(STDIN_FILENO, answer, sizeof(answer)) <= 0)
		_exit(98);
}

int main(int argc, char **argv)
{
	static struct pool pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
				    .change = PTHREAD_COND_INITIALIZER };
	pthread_t threads[THREADS_MAX];
	long n = 0;
	bool gate = false;

	(void)argc;
	for (argv++; *argv && !strncmp(*argv, "--", 2); argv++) {
		if (!strcmp(*argv, "--gate"))
			gate = true;
		else if (!strcmp(*argv, "--err"))
			out_fd = STDERR_FILENO;
		else if (!strcmp(*argv, "--threads") && argv[1])
			n = number(*++argv);
		else
			break;
	}
	pool.argv = argv;
	if (!*argv || n < 0 || n > THREADS_MAX) {
		dprintf(STDERR_FILENO,
			"usage: opener [--gate] [--err] [--threads T] STEP [+ STEP]...\n");
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
