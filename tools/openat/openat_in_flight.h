/* SPDX-License-Identifier: MIT */
/*
 * Opens in flight when a run ends: they have begun and not returned, as one of a FIFO that nobody
 * writes to, and count as opens. No hook shows them; /proc does. Where entries are counted, what
 * has not returned and is not here has been missed.
 */
#ifndef OPENAT_IN_FLIGHT_H
#define OPENAT_IN_FLIGHT_H

#include "aggregate.h"
#include "openat_options.h"

/**
 * openat_privileges() - bits of enum privilege_use that a run takes: to look for them, and for
 * names
 * @counts_entries: see struct plan
 */
unsigned openat_privileges(const void *options, const struct filter *filter, bool counts_entries);

/**
 * openat_add_in_flight() - find the opens in flight, and add each to its row where it counts
 * @value: a row's value for one open
 * @each:  called for each that is added
 * @count: set to how many there are
 * Return: 0 or negative errno.
 */
int openat_add_in_flight(const struct openat_options *options, struct aggregate *rows, void *value,
			 int (*each)(const struct row_id *id, void *context), void *context,
			 uint64_t *count, struct error *err);

/**
 * openat_count_in_flight() - how many there are now
 * Return: 0 or negative errno: *@count may be too small.
 */
int openat_count_in_flight(const struct openat_options *options, const struct trace *trace,
			   uint64_t *count);

#endif
