/* SPDX-License-Identifier: MIT */
/*
 * A collector takes what the programs have seen out of the kernel and gives it to the report.
 *
 * There are two: aggregate.h turns tables of counts into rows, event_stream.h turns perf buffers
 * into events in the order of time. A run knows only what is here, and calls it in this order:
 *
 *   start                 programs are loaded, none is attached
 *   enable                all are attached: from one moment on, events count
 *   poll, report ...      while the run lasts
 *   disable               from one moment on, events do not count
 *   finish                all are detached: take the rest
 *   report, summary, counters
 *   free
 */
#ifndef COLLECTOR_H
#define COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "kernel.h"
#include "loader.h"
#include "report.h"
#include "task_filter.h"

enum {
	COUNTERS_MAX = 16,
};

/**
 * struct trace - what a collector reads, and where it reports to; borrowed from the run
 * @kernel:         the running one
 * @filter:         which tasks count
 * @loaded:         the programs and their maps
 * @report:         where rows and events go
 * @command:        process id of the COMMAND; 0: there is none
 * @counts_entries: see struct plan
 * @began_ns:       when counting began, of clock_monotonic_ns(); 0: not yet
 * @span_ns:        how long the run was; 0: it is not over
 * @interrupted:    the run has ended by a signal or with the processes it was about, and is neither
 *                  of a command nor of a given duration
 */
struct trace {
	const struct kernel *kernel;
	const struct filter *filter;
	const struct loaded *loaded;
	struct report *report;
	uint32_t command;
	bool counts_entries;
	uint64_t began_ns;
	uint64_t span_ns;
	bool interrupted;
};

struct collector;

/**
 * struct collector_ops
 * @start:    make what it takes to read. @trace outlives the collector
 * @enable:   begin to count, for all hooks at one moment
 * @poll:     take what there is. An aggregate is polled once a second also within long intervals,
 *            so that its tables need not hold all of one
 * @report:   an interval ends: give its rows to the report. NULL: it streams events
 * @disable:  end to count, for all hooks at one moment
 * @finish:   take the rest. *@in_flight: how many events were seen to begin and are still in
 *            progress; they are not lost
 * @summary:  what stands below the last report. @drops: of the whole run. NULL: nothing
 * @counters: the numbers of the `end` record, at most COUNTERS_MAX. @drops: of the whole run.
 *            Return: how many
 * @free:     release everything, after whichever of these; never NULL
 *
 * All but @counters and @free return 0 or a negative errno. Where @err is still empty then, it was
 * a write that failed, or memory ran out.
 */
struct collector_ops {
	int (*start)(struct collector *collector, const struct trace *trace, struct error *err);
	int (*enable)(struct collector *collector, struct error *err);
	int (*poll)(struct collector *collector, struct error *err);
	int (*report)(struct collector *collector, struct error *err);
	int (*disable)(struct collector *collector, struct error *err);
	int (*finish)(struct collector *collector, uint64_t *in_flight, struct error *err);
	int (*summary)(struct collector *collector, const struct drops *drops, struct error *err);
	size_t (*counters)(const struct collector *collector, const struct drops *drops,
			   struct report_end_counter *counters);
	void (*free)(struct collector *collector);
};

/**
 * struct collector
 * @fds, @nfds: descriptors that become readable when there is something to poll; set by start().
 *              Negative where there is none; poll() may change them
 * @tick_ns:    poll at least this often; 0: once an interval
 * @privileges_needed: bits of enum privilege_use that polling and finishing take; set before
 * start()
 * @has_notice: @notice is a line for the person, not said yet
 * @no_room: events that were read and found no room in a table of the collector's: dropped
 */
struct collector {
	const struct collector_ops *ops;
	const int *fds;
	size_t nfds;
	uint64_t tick_ns;
	unsigned privileges_needed;
	uint64_t no_room;
	bool has_notice;
	char notice[128];
};

#endif
