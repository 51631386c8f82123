/* SPDX-License-Identifier: MIT */
/* The places in the kernel where bcc-openat sees opens. */
#ifndef OPENAT_PROBE_SETS_H
#define OPENAT_PROBE_SETS_H

#include "plan.h"

enum {
	OPENAT_PROBE_SETS = 8,
};

/** openat_probe_sets - the cheapest first; those that can miss calls last */
extern const struct probe_set openat_probe_sets[OPENAT_PROBE_SETS];

/** openat_allows_probe_set() - may this one be used? --hook leaves only some. */
bool openat_allows_probe_set(const void *options, size_t number);

#endif
