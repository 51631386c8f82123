/* SPDX-License-Identifier: MIT */
/*
 * Events that happened and are not in a report, counted by cause, and the words that reports use
 * for the causes. Where the counts come from is not known here: programs/lib/drops.h has
 * the kernel's side.
 */
#ifndef DROP_COUNTS_H
#define DROP_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct drops - numbers of events by cause
 * @map_full:  a map had no room for a new key
 * @buffer:    the perf buffer had no room for the event
 * @unmatched: an exit was seen without its entry, or the other way round
 * @missed:    the kernel did not run the program (recursion)
 * @unread:    the text that decides whether the event counts could not be read
 * @untimed:   not dropped: the event is counted, but there was no room to note when it began
 * @lineage:   not dropped: the perf buffer had no room for an event that was not asked for, but
 *             tells which process is whose child
 */
struct drops {
	uint64_t map_full;
	uint64_t buffer;
	uint64_t unmatched;
	uint64_t missed;
	uint64_t unread;
	uint64_t untimed;
	uint64_t lineage;
};

enum {
	DROP_CAUSES = 5,
	DROPS_TEXT_MAX = 640,
};

/** DROPS_CURE - what gives a table or a buffer more room, in any tool */
#define DROPS_CURE "filter more"

/**
 * struct drop_cause - one of the causes that make an event count as dropped
 * @key:   its name in JSON: "map_full"
 * @words: its name in text: "table full"
 * @cure:  what to do about it, or where the manual page says that nothing can be done
 * @count: number of events
 */
struct drop_cause {
	const char *key;
	const char *words;
	const char *cure;
	uint64_t count;
};

/** drops_by_cause() - list the causes in the order in which reports name them. */
void drops_by_cause(const struct drops *drops, struct drop_cause causes[DROP_CAUSES]);

/** drops_total() - the sum over all causes; UINT64_MAX when it is larger than that. */
uint64_t drops_total(const struct drops *drops);

/**
 * drops_text() - put drops into words: "dropped 12: table full 12 (filter more, or ...)"
 * @buf: DROPS_TEXT_MAX bytes are enough; "" without drops
 *
 * Only the causes that are not zero are named, each with its cure.
 * Return: @buf.
 */
const char *drops_text(const struct drops *drops, char *buf, size_t size);

/**
 * drops_since() - what was added to counts that only grow
 * @now:  the counts at the end of a period
 * @then: the counts at its beginning
 *
 * @unmatched alone can shrink, and counts as 0 then: an event that is in flight at one reading may
 * have returned at the next.
 */
struct drops drops_since(const struct drops *now, const struct drops *then);

#endif
