/* SPDX-License-Identifier: MIT */
/* The signals that end a run, and the timer that makes sure of it. See loop_signals.h. */
#define _GNU_SOURCE
#include "loop_signals.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

enum {
	SAME_WISH_MS = 250, /* a second signal that follows sooner is the first one's echo */
	LOOK_MS = 500,      /* after the first signal: the first look at the progress */
	LOOK_AGAIN_MS = 100,
	LIMIT_MS = 800, /* of waiting for somebody to take the output */
	COMPUTE_MS = 700,
	SUM_MOST_MS = 30000,  /* of looking which calls threads are in, for each of them */
	LIMIT_MOST_MS = 3000, /* of output that somebody takes slowly, or a CPU that others use */
	USUAL_START_MS = 70,  /* CPU time; a machine that takes longer is slow (emulated) */
	LEAST_MS = 50,        /* for a COMMAND to end */
	STUCK_LOOKS = 2,
};

/*
 * A handler, not a signalfd: while the output blocks (nobody reads the pipe) the loop does not come
 * round, and the signals must end the process all the same. The handlers need to reach what is
 * here, and a child made later what there was before: variables of the library, as only few others
 * have.
 */
static const int ending[] = { SIGINT, SIGTERM };

/* What the tool changes, and how it was when the tool began. */
static const int taken[] = { SIGINT, SIGTERM, SIGALRM, SIGPIPE, SIGXFSZ, SIGCHLD };
static struct {
	bool known;
	sigset_t mask;
	struct sigaction actions[array_size(taken)];
} inherited;

static struct {
	pid_t owner; /* a child has the handlers too, until its execve, and is not meant */
	volatile sig_atomic_t fd;
	volatile sig_atomic_t signalled;
	uint64_t start_ms;         /* CPU time until tracing began */
	uint64_t first_ms;         /* the first signal */
	uint64_t began_ms, cpu_ms; /* what is left to do, and the CPU time then */
	long switches;             /* at the last look: how often the process has slept */
	int stuck;                 /* so many looks in a row found that no output is taken */
	bool last_words;
	const char *tool;
	volatile sig_atomic_t stage, status, command;
} run = { .fd = -1, .status = 1 };

static void watch_stop(void);

static void end_command(void)
{
	if (run.command)
		kill(run.command, SIGTERM);
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* CPU time of this process. @switches: how often it has slept. */
static uint64_t used_ms(long *switches)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	*switches = usage.ru_nvcsw;
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* As the signal would without a handler. The kernel ignores that for the first process of a PID
 * namespace. */
static _Noreturn void end_by(int signo)
{
	sigset_t set;

	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	kill(getpid(), signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + signo);
}

static void watch_the_end(void)
{
	const struct itimerval timer = { .it_value = { .tv_usec = LOOK_MS * 1000 },
					 .it_interval = { .tv_usec = LOOK_AGAIN_MS * 1000 } };

	run.first_ms = run.began_ms = now_ms();
	run.cpu_ms = used_ms(&run.switches);
	run.signalled = 1;
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_signal(int signo)
{
	int saved = errno;
	uint64_t one = 1;

	if (getpid() != run.owner)
		return;
	if (run.fd < 0)
		end_by(signo);
	if (!run.signalled) {
		watch_the_end();
	} else if (now_ms() - run.first_ms >= SAME_WISH_MS) {
		end_command();
		end_by(signo);
	}
	if (write(run.fd, &one, sizeof(one)) < 0)
		errno = 0; /* the counter is full: it is readable */
	errno = saved;
}

static bool is_full(int fd)
{
	struct pollfd out = { .fd = fd, .events = POLLOUT };

	return poll(&out, 1, 0) == 0;
}

/*
 * Standard output or standard error is full, and the process slept through since the last look: its
 * reader takes nothing. While the reader takes something, each piece wakes the process.
 */
static bool is_stuck(long switches)
{
	bool slept_through = switches - run.switches <= 1;

	run.switches = switches;
	if (slept_through && (is_full(STDOUT_FILENO) || is_full(STDERR_FILENO)))
		run.stuck++;
	else
		run.stuck = 0;
	return run.stuck >= STUCK_LOOKS;
}

/* A limit for this machine: larger where the start took long too. */
static uint64_t scaled(uint64_t limit_ms)
{
	return run.start_ms > USUAL_START_MS ? limit_ms * run.start_ms / USUAL_START_MS : limit_ms;
}

static bool takes_too_long(void)
{
	uint64_t passed_ms = now_ms() - run.began_ms;
	long switches;
	uint64_t cpu_ms = used_ms(&switches) - run.cpu_ms;
	bool stuck;

	if (run.stage == LOOP_SUMMING)
		return passed_ms >= scaled(SUM_MOST_MS);
	stuck = is_stuck(switches);
	if (run.stage != LOOP_REPORTING || stuck)
		return passed_ms >= LIMIT_MS;
	return cpu_ms >= scaled(COMPUTE_MS) || passed_ms >= scaled(LIMIT_MOST_MS);
}

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		errno = 0; /* there is nobody else to tell */
}

/* The terminal may block this too: the next SIGALRM ends it then. */
static void say_last_words(void)
{
	run.last_words = true;
	end_command();
	if (run.stage == LOOP_REPORTED || is_full(STDERR_FILENO))
		return;
	say(run.tool ? run.tool : "");
	if (run.stage == LOOP_STARTING)
		say(": ended by a signal before tracing began\n");
	else if (run.stage == LOOP_SUMMING)
		say(": the report is unfinished: it takes too long to see which calls threads "
		    "are in\n");
	else
		say(": the report is unfinished: it was not written within a second of the signal "
		    "that ended the run\n");
}

/* Also where the timer is not the tool's: who started it may have asked for an alarm. */
static void on_alarm(int signo)
{
	int saved = errno;

	if (getpid() != run.owner || !run.signalled)
		end_by(signo);
	if (!run.last_words && !takes_too_long()) {
		errno = saved;
		return;
	}
	if (!run.last_words)
		say_last_words();
	_exit(run.stage == LOOP_REPORTED ? run.status : 1);
}

/*
 * SIGPIPE and SIGXFSZ would end the process where a write can say what is wrong. With SIGCHLD
 * ignored, as some programs leave it to those they start, a child's status is lost.
 */
void loop_signals_begin(void)
{
	sigset_t set;

	inherited.known = true;
	for (size_t i = 0; i < array_size(taken); i++)
		sigaction(taken[i], NULL, &inherited.actions[i]);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	run.owner = getpid();
	sigemptyset(&set);
	for (size_t i = 0; i < array_size(ending); i++) {
		/* By default the kernel ignores them for the first process of a PID namespace. */
		if (run.owner == 1)
			signal(ending[i], on_signal);
		sigaddset(&set, ending[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, &inherited.mask);
}

int loop_signals(struct error *err)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction alarm = { .sa_handler = on_alarm, .sa_flags = SA_RESTART | SA_NODEFER };
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sigset_t set;

	if (fd < 0)
		return error_set(err, -errno, "eventfd: %s", error_words(errno));
	if (!inherited.known)
		loop_signals_begin();
	run.owner = getpid();
	run.fd = fd;
	sigaction(SIGALRM, &alarm, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	for (size_t i = 0; i < array_size(ending); i++)
		sigaction(ending[i], &action, NULL);
	return fd;
}

void loop_signals_stage(const char *tool, enum loop_stage stage, int status)
{
	long unused;

	if (stage == LOOP_REPORTING && run.stage == LOOP_STARTING)
		run.start_ms = used_ms(&unused);
	if (stage == LOOP_REPORTING && run.stage == LOOP_SUMMING && run.signalled) {
		run.began_ms = now_ms();
		run.cpu_ms = used_ms(&run.switches);
	}
	run.tool = tool;
	run.status = status;
	run.stage = (sig_atomic_t)stage;
}

/* Stop as if there were no handler, and COMMAND's group, which the terminal does not reach. */
static void on_stop(int signo)
{
	int saved = errno;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (run.command < 0)
		kill(run.command, SIGSTOP);
	signal(signo, SIG_DFL);
	kill(getpid(), signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* The process is stopped here, until somebody continues it. */
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (run.command < 0)
		kill(run.command, SIGCONT);
	watch_stop();
	errno = saved;
}

static void watch_stop(void)
{
	struct sigaction action = { .sa_handler = on_stop, .sa_flags = SA_RESTART };

	sigaction(SIGTSTP, &action, NULL);
}

void loop_signals_command(pid_t pid)
{
	struct sigaction now;

	run.command = pid;
	/* A shell without job control has it ignored. */
	if (pid < 0 && sigaction(SIGTSTP, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		watch_stop();
}

int loop_signals_left_ms(int most)
{
	uint64_t passed_ms = run.signalled ? now_ms() - run.began_ms : 0;
	int left = passed_ms < LIMIT_MS - LEAST_MS ? LIMIT_MS - (int)passed_ms : LEAST_MS;

	return run.signalled && left < most ? left : most;
}

void loop_signals_hold(sigset_t *mask, sigset_t *childs)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < array_size(ending); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, mask);
	*childs = inherited.known ? inherited.mask : *mask;
}

void loop_signals_undo(void)
{
	for (size_t i = 0; inherited.known && i < array_size(taken); i++)
		sigaction(taken[i], &inherited.actions[i], NULL);
}
