/* SPDX-License-Identifier: MIT */
/*
 * Tasks to be looked at. See task_subjects.h.
 *
 * Each has a channel to this process, reads a deed from it, does it, and answers. The deed's system
 * call is the first one after that read(2), so whoever waits for the task's next call sees this
 * one. When this process closes the channels, or dies, they end.
 */
#define _GNU_SOURCE
#include "task_subjects.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "clock.h"
#include "task_sampler.h"

enum {
	PATIENCE_MS = 2000,
	STACK = 16384, /* of a thread, in bytes */
};

/* What is written to a channel. */
struct order {
	enum subject_deed deed;
	int value;
};

/* A subject, in memory that all of them share. */
struct one {
	char name[TASK_SAMPLE_NAME];
	struct subject_times times;
	pid_t id;
	int own, others; /* ends of its channel: its own, and this process's */
};

struct task_subjects {
	struct one one[SUBJECTS];
	pid_t first;
};

static const struct {
	enum subject parent, leader;
} kin[SUBJECTS] = {
	[SUBJECT_FIRST] = { SUBJECTS, SUBJECT_FIRST },
	[SUBJECT_CHILD] = { SUBJECT_FIRST, SUBJECT_CHILD },
	[SUBJECT_CHILD_THREAD] = { SUBJECT_FIRST, SUBJECT_CHILD },
	[SUBJECT_CHILD_THREAD2] = { SUBJECT_FIRST, SUBJECT_CHILD },
	[SUBJECT_GRANDCHILD] = { SUBJECT_CHILD, SUBJECT_GRANDCHILD },
	[SUBJECT_GRAND_THREAD] = { SUBJECT_CHILD, SUBJECT_GRANDCHILD },
	[SUBJECT_ENDS] = { SUBJECT_FIRST, SUBJECT_ENDS },
	[SUBJECT_ENDS2] = { SUBJECT_FIRST, SUBJECT_ENDS2 },
	[SUBJECT_ENDS3] = { SUBJECT_FIRST, SUBJECT_ENDS3 },
	[SUBJECT_ENDS4] = { SUBJECT_FIRST, SUBJECT_ENDS4 },
};

enum subject task_subjects_parent(enum subject who)
{
	return kin[who].parent;
}

enum subject task_subjects_leader(enum subject who)
{
	return kin[who].leader;
}

static bool is_thread(enum subject who)
{
	return kin[who].leader != who;
}

/* ---- in a subject ---- */

/* A thread has no errno of its own, so nothing here looks at it. */
static void do_deed(enum subject who, const struct order *order)
{
	switch (order->deed) {
	case SUBJECT_CALLS:
		syscall(SYS_getppid);
		break;
	case SUBJECT_CALLS_COMPAT:
		arch_call_compat();
		break;
	case SUBJECT_SETS_USERS:
		syscall(SYS_setresuid, SUBJECT_RUID, SUBJECT_EUID, SUBJECT_SUID);
		break;
	case SUBJECT_EXITS:
		syscall(is_thread(who) ? SYS_exit : SYS_exit_group, order->value);
	}
}

static void obey(struct task_subjects *s, enum subject who)
{
	int channel = s->one[who].own;
	struct order order;

	while (syscall(SYS_read, channel, &order, sizeof(order)) == sizeof(order)) {
		do_deed(who, &order);
		syscall(SYS_write, channel, &order, sizeof(order));
	}
}

static void become(struct task_subjects *s, enum subject who)
{
	static const struct order ready = { .value = 0 };

	prctl(PR_SET_NAME, s->one[who].name);
	s->one[who].id = (pid_t)syscall(SYS_gettid);
	syscall(SYS_write, s->one[who].own, &ready, sizeof(ready));
}

/* What a thread is started with; it stays. */
struct thread_start {
	struct task_subjects *subjects;
	enum subject who;
	_Alignas(16) char stack[STACK];
};

static int thread_main(void *context)
{
	struct thread_start *start = context;

	become(start->subjects, start->who);
	obey(start->subjects, start->who);
	syscall(SYS_exit, 0);
	return 0;
}

static int make_thread(struct task_subjects *s, enum subject who)
{
	const int flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	struct thread_start *start = malloc(sizeof(*start));

	if (!start)
		return -ENOMEM;
	start->subjects = s;
	start->who = who;
	return clone(thread_main, start->stack + STACK, flags, start) < 0 ? -errno : 0;
}

static void process_main(struct task_subjects *s, enum subject who) __attribute__((noreturn));

/* Make one, and note when. Return: 0 or negative errno. */
static int make(struct task_subjects *s, enum subject who)
{
	struct subject_times *times = &s->one[who].times;
	uint64_t shift = clock_boottime_shift_ns();
	pid_t child = 0;
	int r = 0;

	times->monotonic_before = clock_monotonic_ns();
	times->boottime_before = clock_boottime_ns() - shift;
	if (is_thread(who))
		r = make_thread(s, who);
	else
		child = fork();
	if (!is_thread(who) && child == 0)
		process_main(s, who);
	times->monotonic_after = clock_monotonic_ns();
	times->boottime_after = clock_boottime_ns() - shift;
	if (who == SUBJECT_FIRST)
		s->first = child;
	return child < 0 ? -errno : r;
}

static void process_main(struct task_subjects *s, enum subject who)
{
	if (who == SUBJECT_FIRST)
		for (int i = 0; i < SUBJECTS; i++)
			close(s->one[i].others);
	become(s, who);
	for (enum subject i = 0; i < SUBJECTS; i++)
		if (is_thread(i) ? kin[i].leader == who : kin[i].parent == who)
			make(s, i);
	obey(s, who);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	_exit(0);
}

/* ---- in this process ---- */

/* Nobody else may have the name, by accident or by intent. */
static int choose_name(char name[TASK_SAMPLE_NAME])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEF";
	unsigned char random[TASK_SAMPLE_NAME - 1];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -errno;
	for (size_t i = 0; i < sizeof(random); i++)
		name[i] = letters[random[i] % (sizeof(letters) - 1)];
	return 0;
}

static int prepare(struct task_subjects *s)
{
	int r = 0;

	for (int i = 0; i < SUBJECTS; i++)
		s->one[i].own = s->one[i].others = -1;
	for (int i = 0; r == 0 && i < SUBJECTS; i++) {
		int ends[2];

		r = choose_name(s->one[i].name);
		if (r == 0 && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
			r = -errno;
		if (r == 0) {
			s->one[i].own = ends[0];
			s->one[i].others = ends[1];
		}
	}
	return r;
}

static int await(const struct task_subjects *s, enum subject who)
{
	struct pollfd ready = { .fd = s->one[who].others, .events = POLLIN };
	struct order order;
	int n;

	do
		n = poll(&ready, 1, PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : -ETIMEDOUT;
	return read(ready.fd, &order, sizeof(order)) == sizeof(order) ? 0 : -EPIPE;
}

int task_subjects_start(struct task_subjects **subjectsp)
{
	struct task_subjects *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (s == MAP_FAILED)
		return -errno;
	r = prepare(s);
	if (r == 0)
		r = make(s, SUBJECT_FIRST);
	for (enum subject i = 0; i < SUBJECTS; i++) {
		if (s->one[i].own >= 0)
			close(s->one[i].own);
		if (r == 0)
			r = await(s, i);
	}
	if (r < 0)
		task_subjects_stop(s);
	else
		*subjectsp = s;
	return r;
}

void task_subjects_stop(struct task_subjects *s)
{
	if (!s)
		return;
	for (int i = 0; i < SUBJECTS; i++)
		if (s->one[i].others >= 0)
			close(s->one[i].others);
	while (s->first > 0 && waitpid(s->first, NULL, 0) < 0 && errno == EINTR)
		;
	munmap(s, sizeof(*s));
}

const char *task_subjects_name(const struct task_subjects *s, enum subject who)
{
	return s->one[who].name;
}

const struct subject_times *task_subjects_times(const struct task_subjects *s, enum subject who)
{
	return &s->one[who].times;
}

pid_t task_subjects_id(const struct task_subjects *s, enum subject who)
{
	return s->one[who].id;
}

int task_subjects_tell(const struct task_subjects *s, enum subject who, enum subject_deed deed,
		       int value)
{
	const struct order order = { .deed = deed, .value = value };

	if (send(s->one[who].others, &order, sizeof(order), MSG_NOSIGNAL) != sizeof(order))
		return -errno;
	return deed == SUBJECT_EXITS ? 0 : await(s, who);
}
