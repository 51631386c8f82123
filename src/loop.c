/* SPDX-License-Identifier: MIT */
/* One loop over everything that can happen in a run. See loop.h. */
#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "cleanup.h"
#include "number.h"

enum slot {
	SLOT_SIGNALS,
	SLOT_INTERVAL,
	SLOT_DURATION,
	SLOT_ENDED,
	SLOT_WATCH,
	SLOT_DATA,
};

static void ending_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
}

int loop_signals(struct error *err)
{
	sigset_t set;
	int fd;

	ending_signals(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return error_set(err, -errno, "signalfd: %s", error_name(errno));
	signal(SIGPIPE, SIG_IGN);
	return fd;
}

static int timer_start(uint64_t ns, bool periodic)
{
	struct timespec span = { .tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S) };
	struct itimerspec spec = { .it_value = span };
	int fd;

	if (!ns)
		return -1;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (periodic)
		spec.it_interval = span;
	if (fd >= 0)
		timerfd_settime(fd, 0, &spec, NULL);
	return fd;
}

/* The next signal does what it does to any process. */
static void release_signals(void)
{
	sigset_t set;

	ending_signals(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static bool any_data(const struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i].revents)
			return true;
	return false;
}

/* What has happened. Return: enum loop_end, -EAGAIN to go on, or what a callback returned. */
static int dispatch(const struct loop_setup *setup, struct pollfd *fds)
{
	int r = 0;

	if (fds[SLOT_INTERVAL].revents) {
		uint64_t expired;

		if (read(fds[SLOT_INTERVAL].fd, &expired, sizeof(expired)) > 0)
			r = setup->tick(setup->context);
	}
	if (r == 0 && any_data(fds + SLOT_DATA, setup->nfds))
		r = setup->data(setup->context);
	if (r < 0)
		return r;
	if (fds[SLOT_SIGNALS].revents) {
		struct signalfd_siginfo info;

		if (read(fds[SLOT_SIGNALS].fd, &info, sizeof(info)) > 0)
			release_signals();
		return LOOP_SIGNAL;
	}
	if (fds[SLOT_ENDED].revents)
		return LOOP_ENDED;
	if (fds[SLOT_DURATION].revents)
		return LOOP_DURATION;
	if (fds[SLOT_WATCH].revents & POLLERR)
		return LOOP_PIPE;
	return -EAGAIN;
}

int loop_run(const struct loop_setup *setup, int signals, struct error *err)
{
	cleanup_close int interval = timer_start(setup->interval_ns, true);
	cleanup_close int duration = timer_start(setup->duration_ns, false);
	struct pollfd fds[SLOT_DATA + LOOP_FDS_MAX] = {
		[SLOT_SIGNALS] = { .fd = signals, .events = POLLIN },
		[SLOT_INTERVAL] = { .fd = interval, .events = POLLIN },
		[SLOT_DURATION] = { .fd = duration, .events = POLLIN },
		[SLOT_ENDED] = { .fd = setup->ended, .events = POLLIN },
		[SLOT_WATCH] = { .fd = setup->watch, .events = 0 },
	};
	int r = -EAGAIN;

	if ((setup->interval_ns && interval < 0) || (setup->duration_ns && duration < 0))
		return error_set(err, -errno, "timerfd: %s", error_name(errno));
	for (size_t i = 0; i < setup->nfds; i++)
		fds[SLOT_DATA + i] = (struct pollfd){ .fd = setup->fds[i], .events = POLLIN };
	while (r == -EAGAIN) {
		if (poll(fds, SLOT_DATA + setup->nfds, -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_set(err, -errno, "poll: %s", error_name(errno));
		}
		r = dispatch(setup, fds);
	}
	return r;
}
