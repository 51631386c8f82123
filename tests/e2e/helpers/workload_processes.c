/* SPDX-License-Identifier: MIT */
/* The steps of workload about processes, threads and names. What each does stands in workload.c. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "workload.h"

enum { ARGS_MAX = 64 };

void do_fork(struct line *line, int argc, char **argv)
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

void do_threads(struct line *line, int argc, char **argv)
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
		/* pthread_join() returns before the thread has ended in the kernel. */
		while (!syscall(SYS_tgkill, pid, tid, 0))
			syscall(SYS_sched_yield);
		line_add(line, "%s%ld", i ? "," : "", tid);
	}
	line_add(line, "]");
	line_end(line);
}

void do_exec(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);
	bool at = argc > 2;

	line_begin(line, argv[0]);
	line_add(line, ",\"children\":[");
	for (long i = 0; i < n; i++) {
		char marker[32];
		snprintf(marker, sizeof(marker), "marker-%ld", i);
		char *args[] = { (char *)workload_path, "noop", marker, NULL };
		pid_t pid = raw_fork();
		if (pid == 0) {
			if (at)
				syscall(SYS_execveat, AT_FDCWD, workload_path, args, environ, 0);
			else
				execve(workload_path, args, environ);
			die(workload_path);
		}
		if (reap(pid) != 0)
			die("exec child");
		line_add(line, "%s%d", i ? "," : "", pid);
	}
	line_add(line, "]");
	line_end(line);
}

void do_exit(struct line *line, int argc, char **argv)
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

void do_signal(struct line *line, int argc, char **argv)
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

/* In place: an escape is longer than the byte it stands for. */
static char *unescaped(char *text)
{
	unescape(text, text, strlen(text) + 1);
	return text;
}

/* Act as another user; the real one stays. */
void do_euid(struct line *line, int argc, char **argv)
{
	(void)argc;
	(void)line;
	if (syscall(SYS_setresuid, -1, number(argv[1]), -1))
		die("setresuid");
}

void do_comm(struct line *line, int argc, char **argv)
{
	(void)argc;
	(void)line;
	if (prctl(PR_SET_NAME, unescaped(argv[1])))
		die("prctl");
}

void do_exec_argv(struct line *line, int argc, char **argv)
{
	char *args[ARGS_MAX] = { (char *)workload_path, "noop" };

	for (int i = 1; i < argc && i + 2 < ARGS_MAX; i++)
		args[i + 1] = unescaped(argv[i]);
	line_begin(line, argv[0]);
	line_end(line);
	execve(workload_path, args, environ);
	die(workload_path);
}

void do_rename(struct line *line, int argc, char **argv)
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

void do_spawn(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);
	pid_t pids[THREADS_MAX];

	(void)argc;
	if (n > THREADS_MAX)
		die("spawn: children");
	for (long i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			steps_run(argv + 2);
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

void do_abandon(struct line *line, int argc, char **argv)
{
	pid_t pid = fork();

	(void)argc;
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		steps_run(argv + 1);
		_exit(0);
	}
	line_begin(line, argv[0]);
	line_add(line, ",\"child\":%d", pid);
	line_end(line);
}

static void *exec_steps(void *arg)
{
	char **argv = arg, *args[ARGS_MAX] = { (char *)workload_path };
	int n = 1;

	if (steps_out_path()) {
		args[n++] = (char *)"--out";
		args[n++] = (char *)steps_out_path();
	}
	while (*argv && n + 1 < ARGS_MAX)
		args[n++] = *argv++;
	execve(workload_path, args, environ);
	die(workload_path);
	return NULL;
}

void do_exec_thread(struct line *line, int argc, char **argv)
{
	pthread_t thread;

	(void)argc;
	line_begin(line, argv[0]);
	line_end(line);
	if (pthread_create(&thread, NULL, exec_steps, argv + 1))
		die("pthread_create");
	pthread_join(thread, NULL);
}
