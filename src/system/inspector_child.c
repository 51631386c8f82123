/* SPDX-License-Identifier: MIT */
/*
 * Helper processes: the side that answers. See inspector.h.
 *
 * A question names a kind and some numbers. An unknown kind, or an id that no process can have,
 * gets -EINVAL. The answers come from the same functions that the tool uses where no helper runs.
 */
#define _GNU_SOURCE
#include "inspector_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cleanup.h"
#include "descriptors.h"
#include "helper_process.h"
#include "host_id.h"
#include "id_names.h"
#include "kernel.h"
#include "perf_opener.h"
#include "privileges.h"
#include "procfs.h"
#include "task_info.h"

/* Descriptors of a helper: nothing else is open. */
enum {
	CHANNEL = STDIN_FILENO,
	FIRST_OTHER = STDERR_FILENO + 1,
};

/* What a helper has to answer with. @buffer: the last one that it has opened */
struct office {
	unsigned uses;
	int proc;
	struct id_names *names;
	struct perf_opener buffer;
};

static bool is_thread(const struct inspector_asked *asked)
{
	return asked->pid && asked->tid && asked->pid <= INT32_MAX && asked->tid <= INT32_MAX;
}

static void answer_call(const struct office *o, const struct inspector_asked *asked,
			struct inspector_answer *answer)
{
	uint32_t call = 0;

	answer->result = task_waiting_call(o->proc, asked->pid, asked->tid, &call);
	answer->value = call;
}

static void answer_question(const struct office *o, const struct inspector_asked *asked,
			    struct inspector_answer *answer)
{
	bool tasks = o->uses & PRIVILEGE_TASKS, cgroups = o->uses & PRIVILEGE_CGROUPS;

	if (asked->question == INSPECTOR_CALL && tasks && is_thread(asked))
		answer_call(o, asked, answer);
	else if (asked->question == INSPECTOR_CGROUP && cgroups && is_thread(asked))
		answer->value = task_cgroup(o->proc, asked->pid, asked->tid, o->names);
	else if (asked->question == INSPECTOR_IN_CGROUP && cgroups && is_thread(asked))
		answer->value = (uint64_t)task_in_cgroup(o->proc, asked->pid, asked->tid, asked->id,
							 o->names);
	else if (asked->question == INSPECTOR_CGROUP_PATH && cgroups)
		answer->result = id_names_cgroup_path(o->names, asked->id, answer->text);
	else if (asked->question == INSPECTOR_USER && (o->uses & PRIVILEGE_USERS) &&
		 asked->id <= UINT32_MAX)
		answer->result = id_names_look_up_user((uint32_t)asked->id, answer->text);
	else
		answer->result = -EINVAL;
}

/* The descriptor goes with the answer. */
static bool answer_with_buffer(struct office *o, const struct inspector_asked *asked)
{
	struct inspector_answer answer = { .value = 0 };

	answer.result = perf_opener_open(&o->buffer, asked->id, asked->pages, asked->wakeup_events);
	return helper_answer_descriptor(CHANNEL, &answer, INSPECTOR_SHORT, o->buffer.fd) == 0;
}

static bool send_answer(const struct inspector_answer *answer, size_t size)
{
	return write(CHANNEL, answer, size) == (ssize_t)size;
}

static _Noreturn void serve(struct office *o)
{
	static struct inspector_answer answer;
	struct inspector_asked asked;
	ssize_t n;

	for (;;) {
		size_t size = INSPECTOR_SHORT;

		n = read(CHANNEL, &asked, sizeof(asked));
		if (n != sizeof(asked))
			_exit(n != 0);
		if (asked.question == INSPECTOR_BUFFER && (o->uses & PRIVILEGE_BUFFERS)) {
			if (!answer_with_buffer(o, &asked))
				_exit(1);
			continue;
		}
		if (inspector_has_text(asked.question))
			size = sizeof(answer);
		memset(&answer, 0, size);
		answer_question(o, &asked, &answer);
		if (!send_answer(&answer, size))
			_exit(1);
	}
}

/* Move a descriptor to the next place after those that are kept. Return: the place, or -1. */
static int keep(int fd, int *next)
{
	int place = *next;

	if (fd < 0 || dup2(fd, place) < 0)
		return -1;
	*next = place + 1;
	return place;
}

/*
 * Everything that takes privilege later is opened here. The descriptors are opened above those
 * that are kept, since the standard ones are open.
 */
static int open_office(struct office *o, int channel)
{
	int next = FIRST_OTHER, null, cgroups, r;

	o->proc = o->uses & PRIVILEGES_INSPECTED ? procfs_open() : -1;
	r = id_names_new(&o->names);
	if (r < 0)
		return r;
	if (o->uses & PRIVILEGE_CGROUPS)
		id_names_open_cgroups(o->names);
	/* Modules of nsswitch.conf may print. */
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (dup2(channel, CHANNEL) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		return -errno;
	o->proc = keep(o->proc, &next);
	cgroups = keep(id_names_cgroups(o->names), &next);
	id_names_set_cgroups(o->names, cgroups);
	procfs_keep_as(o->proc);
	descriptors_close((unsigned)next, ~0U);
	return 0;
}

static enum seccomp_filter filter_of(unsigned uses)
{
	if (uses & PRIVILEGE_BUFFERS)
		return SECCOMP_FILTER_OPENER;
	return uses & PRIVILEGES_INSPECTED ? SECCOMP_FILTER_INSPECTOR : SECCOMP_FILTER_RESOLVER;
}

/*
 * Ctrl-C is for the tool, which asks its last questions after it. SIGKILL, when the tool ends
 * without closing the socket, is asked for again after the change of the user, which clears it.
 */
static int settle(struct office *o, int channel, pid_t parent, struct privileges *left,
		  struct error *err)
{
	sigset_t all;
	int r;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	r = open_office(o, channel);
	if (r == 0 && getppid() != parent)
		r = -ECHILD;
	return r < 0 ? r : privileges_drop(o->uses, filter_of(o->uses), CHANNEL, left, err);
}

static bool say_host_id(int channel)
{
	struct inspector_answer answer = { .unused = 0 };
	uint32_t id = 0;

	answer.result = host_id(&id);
	answer.value = id;
	return write(channel, &answer, INSPECTOR_SHORT) == INSPECTOR_SHORT;
}

_Noreturn void inspector_child_run(unsigned uses, int channel, pid_t parent)
{
	struct office office = { .uses = uses, .proc = -1, .buffer = PERF_OPENER_INIT };
	struct inspector_answer ready = { .result = 0 };
	struct privileges left = { 0 };
	struct error err = ERROR_INIT;

	if (kernel_pid_namespace() && !say_host_id(channel))
		_exit(1);
	ready.result = settle(&office, channel, parent, &left, &err);
	ready.value = left.capabilities;
	if (!send_answer(&ready, INSPECTOR_SHORT) || ready.result < 0)
		_exit(1);
	serve(&office);
}
