/* SPDX-License-Identifier: MIT */
/* Have the tasks that were named ended? See named_tasks.h. */
#define _GNU_SOURCE
#include "named_tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cleanup.h"
#include "follow.h"
#include "map_read.h"
#include "pidfd.h"
#include "procfs.h"

enum {
	LOOK_NS = 250000000,
};

/* @began_ns: to tell it from others that have the id later; @fd: its pidfd, or -1 */
struct named_task {
	enum filter_ids kind;
	uint32_t id;
	int fd;
	uint64_t began_ns;
	bool ended;
};

/* Only where /proc shows the task can it tell a later one. */
static bool has_left_proc(const struct named_tasks *tasks, const struct named_task *task)
{
	struct procfs_stat stat;
	uint64_t began_ns;

	if (kill((pid_t)task->id, 0) < 0 && errno == ESRCH)
		return true;
	if (task->began_ns && procfs_task_began(tasks->proc, task->id, &began_ns) == 0 &&
	    began_ns != task->began_ns)
		return true;
	return procfs_read_stat(tasks->proc, task->id, &stat) == 0 &&
	       (stat.fields[1] == 'Z' || stat.fields[1] == 'X');
}

static bool has_ended(const struct named_tasks *tasks, struct named_task *task)
{
	if (!task->ended)
		task->ended =
			task->fd >= 0 ? pidfd_has_ended(task->fd) : has_left_proc(tasks, task);
	return task->ended;
}

/* Keep the first process of the map that lives. */
static int find_descendant(const void *key, const void *value, void *context)
{
	struct named_tasks *tasks = context;
	int fd = pidfd_of_process(*(const uint32_t *)key);

	(void)value;
	if (pidfd_has_ended(fd)) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	/* Without a descriptor the timer looks again. */
	tasks->descendant = fd >= 0 ? fd : tasks->timer;
	return -EEXIST;
}

/*
 * Does a process live that is followed? While the map is read a process can come into a part that
 * has been read, made by one that ends before its own part is; so it takes several readings that
 * find none.
 */
static int descendant_lives(struct named_tasks *tasks)
{
	struct error ignored = ERROR_INIT;
	int r = 0;

	if (tasks->descendant >= 0 && tasks->descendant != tasks->timer) {
		if (!pidfd_has_ended(tasks->descendant))
			return 1;
		close(tasks->descendant);
	}
	tasks->descendant = -1;
	for (int reading = 0; r == 0 && reading < 3; reading++)
		r = map_read_all(tasks->followed, sizeof(uint32_t), sizeof(struct follow),
				 find_descendant, tasks, &ignored);
	error_clear(&ignored);
	if (r < 0 && r != -EEXIST)
		tasks->descendant = tasks->timer;
	return r < 0;
}

/* A task of this kind that lives, or NULL. */
static struct named_task *find_living(const struct named_tasks *tasks, enum filter_ids kind)
{
	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->list[i].kind == kind && !has_ended(tasks, &tasks->list[i]))
			return &tasks->list[i];
	return NULL;
}

/* What to wait for next. Return: 0 to go on; 1: there is nothing more to see. */
static int choose(struct named_tasks *tasks)
{
	static const enum filter_ids kinds[] = { FILTER_PIDS, FILTER_TIDS };

	for (size_t i = 0; i < array_size(kinds); i++) {
		const struct named_task *living;

		if (!tasks->filter->ids[kinds[i]].count)
			continue;
		living = find_living(tasks, kinds[i]);
		if (living)
			tasks->source.fd = living->fd >= 0 ? living->fd : tasks->timer;
		else if (kinds[i] == FILTER_PIDS && tasks->filter->descendants &&
			 descendant_lives(tasks))
			tasks->source.fd = tasks->descendant;
		else
			return 1;
		/* A task must be in each list, so the end of one list is enough. The other has to
		 * be looked at as well, if only now and then. */
		if (tasks->filter->ids[FILTER_PIDS].count && tasks->filter->ids[FILTER_TIDS].count)
			tasks->source.fd = tasks->timer;
	}
	return 0;
}

static int on_ready(void *context)
{
	struct named_tasks *tasks = context;
	uint64_t expired;

	if (tasks->source.fd == tasks->timer && read(tasks->timer, &expired, sizeof(expired)) < 0 &&
	    errno != EAGAIN)
		return -errno;
	return choose(tasks);
}

static int start_timer(struct named_tasks *tasks, struct error *err)
{
	/* The first time at once: a task may have ended already. */
	const struct itimerspec spec = { .it_value.tv_nsec = 1, .it_interval.tv_nsec = LOOK_NS };

	tasks->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (tasks->timer < 0 || timerfd_settime(tasks->timer, 0, &spec, NULL) < 0)
		return error_set(err, -errno, "starting a timer: %s", error_words(errno));
	return 0;
}

static void add(struct named_tasks *tasks, enum filter_ids kind, uint32_t id)
{
	struct named_task *task = &tasks->list[tasks->count++];

	*task = (struct named_task){ .kind = kind, .id = id };
	task->fd = kind == FILTER_TIDS ? pidfd_of_thread(id) : pidfd_of_process(id);
	task->ended = task->fd < 0 && errno == ESRCH;
	procfs_task_began(tasks->proc, id, &task->began_ns);
}

int named_tasks_open(struct named_tasks *tasks, const struct filter *filter, int followed,
		     struct error *err)
{
	const struct id_set *pids = &filter->ids[FILTER_PIDS], *tids = &filter->ids[FILTER_TIDS];

	if (!pids->count && !tids->count)
		return 0;
	tasks->filter = filter;
	tasks->followed = followed;
	tasks->proc = procfs_open();
	tasks->list = calloc(pids->count + tids->count, sizeof(*tasks->list));
	if (!tasks->list)
		return error_nomem(err);
	if (start_timer(tasks, err) < 0)
		return err->code;
	for (size_t i = 0; i < pids->count; i++)
		add(tasks, FILTER_PIDS, pids->ids[i]);
	for (size_t i = 0; i < tids->count; i++)
		add(tasks, FILTER_TIDS, tids->ids[i]);
	tasks->source = (struct loop_source){ tasks->timer, on_ready, tasks };
	return 0;
}

void named_tasks_close(struct named_tasks *tasks)
{
	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->list[i].fd >= 0)
			close(tasks->list[i].fd);
	if (tasks->descendant >= 0 && tasks->descendant != tasks->timer)
		close(tasks->descendant);
	if (tasks->timer >= 0)
		close(tasks->timer);
	if (tasks->proc >= 0)
		close(tasks->proc);
	free(tasks->list);
	*tasks = (struct named_tasks)NAMED_TASKS_INIT;
}

const char *named_tasks_text(const struct named_tasks *tasks, char *buf, size_t size)
{
	const struct id_set *pids = &tasks->filter->ids[FILTER_PIDS];
	bool threads = !pids->count || find_living(tasks, FILTER_PIDS);
	const struct id_set *list = threads ? &tasks->filter->ids[FILTER_TIDS] : pids;
	const char *started =
		tasks->filter->descendants && !threads ? " and all that it started" : "";

	if (list->count == 1)
		snprintf(buf, size, "%s %u%s %s ended", threads ? "thread" : "process",
			 list->ids[0], started, *started ? "have" : "has");
	else
		snprintf(buf, size, "all %zu %s%s have ended", list->count,
			 threads ? "threads" : "processes",
			 *started ? " and all that they started" : "");
	return buf;
}
