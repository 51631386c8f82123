/* SPDX-License-Identifier: MIT */
/* One loop over everything that can happen in a run. See event_loop.h. */
#define _GNU_SOURCE
#include "event_loop.h"

#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>

#include "cleanup.h"
#include "number.h"

enum slot {
	SLOT_SIGNALS,
	SLOT_INTERVAL,
	SLOT_GATHER,
	SLOT_DURATION,
	SLOT_ENDED,
	SLOT_WATCH,
	SLOT_SOURCES,
	SLOT_DATA = SLOT_SOURCES + LOOP_SOURCES_MAX,
};

static bool timer_set(int fd, uint64_t ns, bool periodic)
{
	struct timespec span = { .tv_sec = (time_t)(ns / NS_PER_S),
				 .tv_nsec = (long)(ns % NS_PER_S) };
	struct itimerspec spec = { .it_value = span };

	if (periodic)
		spec.it_interval = span;
	return timerfd_settime(fd, 0, &spec, NULL) == 0;
}

/* Return: a descriptor; -1 when there is none to start, or errno is set. */
static int timer_start(uint64_t ns, bool periodic)
{
	cleanup_close int fd = -1;

	if (!ns)
		return -1;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fd < 0 || !timer_set(fd, ns, periodic))
		return -1;
	return steal_fd(&fd);
}

static bool any_data(const struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i].revents)
			return true;
	return false;
}

/* Return: how often a timer has expired since it was asked last. */
static uint64_t expirations(const struct pollfd *timer)
{
	uint64_t expired;

	if (!timer->revents || read(timer->fd, &expired, sizeof(expired)) <= 0)
		return 0;
	return expired;
}

static void poll_sources(const struct loop_setup *setup, struct pollfd *fds)
{
	for (size_t i = 0; i < LOOP_SOURCES_MAX; i++) {
		const struct loop_source *source = setup->sources[i];

		fds[i] = (struct pollfd){ .fd = source ? source->fd : -1, .events = POLLIN };
	}
}

/* Return: how many there are up to the last one, as poll(2) takes no more than RLIMIT_NOFILE. */
static size_t poll_data(const struct loop_setup *setup, struct pollfd *fds)
{
	size_t count = 0;

	for (size_t i = 0; i < setup->nfds; i++) {
		fds[i] = (struct pollfd){ .fd = setup->fds[i], .events = POLLIN };
		if (setup->fds[i] >= 0)
			count = i + 1;
	}
	return count;
}

/* A callback may have taken the descriptor of a later source away: what was seen there is no longer
 * so. */
static int dispatch_sources(const struct loop_setup *setup, const struct pollfd *fds)
{
	int r = 0;

	for (size_t i = 0; i < LOOP_SOURCES_MAX && r == 0; i++) {
		const struct loop_source *source = setup->sources[i];

		if (source && fds[i].revents && source->fd == fds[i].fd)
			r = source->ready(source->context);
	}
	return r;
}

/* No error of a callback, and no end. */
enum {
	GO_ON = 1 << 20,
};

/*
 * What has happened. @ticked_ns: the intervals that are over. The last one of a duration ends the
 * run instead of ticking: no timer is so exact that nothing would follow until the end.
 * Return: enum loop_end, GO_ON, or what a callback returned.
 */
static int dispatch(const struct loop_setup *setup, struct pollfd *fds, uint64_t *ticked_ns)
{
	uint64_t ticks = expirations(&fds[SLOT_INTERVAL]);
	bool time_is_up;
	int r = 0;

	*ticked_ns += ticks * setup->interval_ns;
	time_is_up = fds[SLOT_DURATION].revents ||
		     (setup->duration_ns && *ticked_ns >= setup->duration_ns);
	if (ticks && !time_is_up)
		r = setup->tick(setup->context);
	if (r == 0 && expirations(&fds[SLOT_GATHER]))
		r = setup->gather(setup->context);
	if (r == 0 && any_data(fds + SLOT_DATA, setup->nfds))
		r = setup->data(setup->context);
	if (r == 0 && fds[SLOT_SIGNALS].revents)
		return LOOP_SIGNAL;
	if (r == 0)
		r = dispatch_sources(setup, fds + SLOT_SOURCES);
	if (r < 0)
		return r;
	if (r > 0)
		return LOOP_ENDED;
	if (fds[SLOT_ENDED].revents)
		return LOOP_ENDED;
	if (time_is_up)
		return LOOP_DURATION;
	if (fds[SLOT_WATCH].revents)
		return LOOP_PIPE;
	return GO_ON;
}

int loop_run(const struct loop_setup *setup, int signals, struct error *err)
{
	cleanup_close int interval = timer_start(setup->interval_ns, true);
	cleanup_close int gather = timer_start(setup->gather_ns, true);
	cleanup_close int duration = timer_start(setup->duration_ns, false);
	struct pollfd fds[SLOT_DATA + LOOP_FDS_MAX] = {
		[SLOT_SIGNALS] = { .fd = signals, .events = POLLIN },
		[SLOT_INTERVAL] = { .fd = interval, .events = POLLIN },
		[SLOT_GATHER] = { .fd = gather, .events = POLLIN },
		[SLOT_DURATION] = { .fd = duration, .events = POLLIN },
		[SLOT_ENDED] = { .fd = setup->ended, .events = POLLIN },
		[SLOT_WATCH] = { .fd = setup->watch, .events = 0 },
	};
	uint64_t interval_ns = setup->interval_ns, ticked_ns = 0;
	size_t ndata;
	int r = GO_ON;

	if ((setup->interval_ns && interval < 0) || (setup->gather_ns && gather < 0) ||
	    (setup->duration_ns && duration < 0))
		return error_set(err, -errno, "starting a timer: %s", error_words(errno));
	while (r == GO_ON) {
		if (interval_ns != setup->interval_ns) {
			interval_ns = setup->interval_ns;
			timer_set(interval, interval_ns, true);
		}
		poll_sources(setup, fds + SLOT_SOURCES);
		ndata = poll_data(setup, fds + SLOT_DATA);
		if (poll(fds, SLOT_DATA + ndata, -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_set(err, -errno, "poll: %s", error_words(errno));
		}
		r = dispatch(setup, fds, &ticked_ns);
	}
	return r;
}
