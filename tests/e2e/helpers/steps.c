/* SPDX-License-Identifier: MIT */
/* Runs the steps of a command line, on several threads if asked to. See steps.h. */
#define _GNU_SOURCE
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"

/* The threads wait until the gate is open. @count: how many have arrived. */
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool open;
	long count;
	long tids[THREADS_MAX];
	char **argv;
};

static const struct step *steps;
static const char *out_path;
static int out_fd = STDOUT_FILENO;
static __thread long thread_index;

void line_add(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(line->text + line->len, sizeof(line->text) - line->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(line->text) - line->len)
		die_for(ENOBUFS, "result line");
	line->len += n;
}

void line_begin(struct line *line, const char *step)
{
	line->len = 0;
	line_add(line, "{\"step\":\"%s\",\"pid\":%ld,\"tid\":%ld", step, syscall(SYS_getpid),
		 syscall(SYS_gettid));
}

void line_end(struct line *line)
{
	line_add(line, "}\n");
	if (write(out_fd, line->text, line->len) != (ssize_t)line->len)
		die("write");
}

const char *steps_out_path(void)
{
	return out_path;
}

long steps_thread_index(void)
{
	return thread_index;
}

static const struct step *find_step(const char *name)
{
	const struct step *step = steps;

	while (step->name && strcmp(step->name, name))
		step++;
	if (!step->name)
		die_for(EINVAL, name);
	return step;
}

void steps_run(char **argv)
{
	struct line line;

	while (*argv) {
		const struct step *step = find_step(argv[0]);
		int argc = 0;
		while (argv[argc] && (step->takes_all || strcmp(argv[argc], "+")))
			argc++;
		if (argc <= step->args)
			die_for(EINVAL, argv[0]);
		step->run(&line, argc, argv);
		argv += argc;
		if (*argv)
			argv++;
	}
}

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
	steps_run(pool->argv);
	return NULL;
}

static void wait_at_gate(const struct pool *pool)
{
	struct line line = { .len = 0 };

	line_add(&line, "{\"ready\":true,\"pid\":%ld,\"tids\":[", syscall(SYS_getpid));
	for (long i = 0; i < pool->count; i++)
		line_add(&line, "%s%ld", i ? "," : "", pool->tids[i]);
	line_add(&line, "]");
	line_end(&line);
	wait_for_line();
}

/* Start the threads, wait at the gate, and let them and this thread work. */
static void run_all(char **argv, long count, bool gate)
{
	static struct pool pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
				    .change = PTHREAD_COND_INITIALIZER };
	pthread_t threads[THREADS_MAX];

	pool.argv = argv;
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, pool_thread, &pool))
			die("pthread_create");
	pthread_mutex_lock(&pool.lock);
	while (pool.count < count)
		pthread_cond_wait(&pool.change, &pool.lock);
	if (gate)
		wait_at_gate(&pool);
	pool.open = true;
	pthread_cond_broadcast(&pool.change);
	pthread_mutex_unlock(&pool.lock);
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	if (count == 0)
		steps_run(argv);
}

int steps_main(const struct step *table, char **argv)
{
	long count = 0;
	bool gate = false;

	steps = table;
	for (argv++; *argv && !strncmp(*argv, "--", 2); argv++) {
		if (!strcmp(*argv, "--gate"))
			gate = true;
		else if (!strcmp(*argv, "--err"))
			out_fd = STDERR_FILENO;
		else if (!strcmp(*argv, "--out") && argv[1])
			out_fd = open_uncounted(out_path = *++argv,
						O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
		else if (!strcmp(*argv, "--threads") && argv[1])
			count = number(*++argv);
		else
			break;
	}
	if (!*argv || count < 0 || count > THREADS_MAX)
		die_for(EINVAL, "[--gate] [--out PATH | --err] [--threads T] STEP [+ STEP]...");
	run_all(argv, count, gate);
	return 0;
}
