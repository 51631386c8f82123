/* SPDX-License-Identifier: MIT */
/* One loop over everything that can happen in a run: signals, timers, the command's end, data. No
 * work is done in a signal handler. */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"

enum {
	LOOP_FDS_MAX = 1024, /* a stream has one for each CPU */
	LOOP_SOURCES_MAX = 4,
};

/**
 * struct loop_source - a further descriptor to wait for
 * @fd:      -1: not now. Looked at before each wait, so that a callback may change it
 * @ready:   called when it is readable or broken; returns 0 to go on, a negative errno to stop with
 * it
 * @context: for @ready
 */
struct loop_source {
	int fd;
	int (*ready)(void *context);
	void *context;
};

/**
 * struct loop_setup
 * @interval_ns: call @tick this often; 0: never
 * @gather_ns:   call @gather this often; 0: never
 * @duration_ns: end after this long; 0: run until something else ends it
 * @ended:       descriptor that ends the run when it becomes readable (the command's), or -1
 * @watch:       descriptor that ends the run when its reader goes away (stdout), or -1
 * @fds, @nfds:  call @data when one of these is readable
 * @sources, @nsources: at most LOOP_SOURCES_MAX others, each with its own callback; borrowed
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
	const struct loop_source *sources;
	size_t nsources;
	int (*tick)(void *context);
	int (*gather)(void *context);
	int (*data)(void *context);
	void *context;
};

enum loop_end {
	LOOP_SIGNAL,   /* SIGINT or SIGTERM */
	LOOP_DURATION, /* time is up */
	LOOP_ENDED,    /* the command has ended */
	LOOP_PIPE,     /* nobody reads the output any more */
};

/**
 * loop_signals_begin() - whoever started this process: its children can be waited for, and SIGINT
 * and SIGTERM reach it Some leave SIGCHLD ignored, or these two blocked, to what they start.
 * SIGPIPE and SIGXFSZ are ignored from here on: writes say EPIPE and EFBIG. At the beginning,
 * before any child.
 */
void loop_signals_begin(void);

/**
 * loop_signals() - from now on the first SIGINT or SIGTERM ends the loop, the second the process,
 * at once Return: descriptor for loop_run(), which the caller closes at its end; or negative errno.
 */
int loop_signals(struct error *err);

/**
 * loop_signals_hold() - block both signals
 * @mask:   set to what was blocked before
 * @childs: set to what was blocked when the tool began, for a child to have
 */
void loop_signals_hold(sigset_t *mask, sigset_t *childs);

/** loop_signals_undo() - in a child: the dispositions as they were when the tool began. */
void loop_signals_undo(void);

/**
 * loop_run() - until one of the ends
 * @signals: from loop_signals()
 * Return: enum loop_end, or negative errno (of a callback, as it is).
 */
int loop_run(const struct loop_setup *setup, int signals, struct error *err);

#endif
