/* SPDX-License-Identifier: MIT */
/*
 * The loop of a run: one poll(2) over signals, timers, the end of the COMMAND, the reader of the
 * output and descriptors with data. Signals are loop_signals.h's.
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "loop_signals.h"

enum {
	LOOP_FDS_MAX = 1024, /* a stream has one for each CPU */
	LOOP_SOURCES_MAX = 4,
};

/**
 * struct loop_source - a further descriptor to wait for
 * @fd:      -1: not now. Read before each wait, so a callback may change it
 * @ready:   called when @fd is readable or broken. Returns 0 to go on, 1 to end the run with
 *           LOOP_ENDED, or a negative errno to stop
 * @context: for @ready
 */
struct loop_source {
	int fd;
	int (*ready)(void *context);
	void *context;
};

/**
 * struct loop_setup
 * @interval_ns: call @tick this often; 0: never. A callback may change it to another period: the
 *               next interval begins then
 * @gather_ns:   call @gather this often; 0: never
 * @duration_ns: end after this long; 0: run until something else ends it. @tick is not called at or
 *               after that time: what is left then belongs to the end of the run
 * @ended:       descriptor that ends the run when it becomes readable (the command's), or -1
 * @watch:       descriptor that ends the run when its reader goes away (stdout), or -1
 * @fds, @nfds:  call @data when one of these is readable. A negative one is not there; read before
 *               each wait, so a callback may change them
 * @sources:     others, each with its own callback; borrowed, NULL where there is none
 * @tick, @gather, @data: return 0 to go on, a negative errno to stop with it
 */
struct loop_setup {
	uint64_t interval_ns;
	uint64_t gather_ns;
	uint64_t duration_ns;
	int ended;
	int watch;
	const int *fds;
	size_t nfds;
	const struct loop_source *sources[LOOP_SOURCES_MAX];
	int (*tick)(void *context);
	int (*gather)(void *context);
	int (*data)(void *context);
	void *context;
};

enum loop_end {
	LOOP_SIGNAL,   /* SIGINT or SIGTERM */
	LOOP_DURATION, /* time is up */
	LOOP_ENDED,    /* the command, or all that the run is about, has ended */
	LOOP_PIPE,     /* nobody reads the output any more */
};

/**
 * loop_run() - wait and call back until something ends the run
 * @signals: from loop_signals()
 * Return: enum loop_end, or negative errno; that of a callback is passed on.
 */
int loop_run(const struct loop_setup *setup, int signals, struct error *err);

#endif
