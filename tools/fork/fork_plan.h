/* SPDX-License-Identifier: MIT */
/* The program and hooks that a run of bcc-fork takes. */
#ifndef FORK_PLAN_H
#define FORK_PLAN_H

#include "fork_options.h"
#include "plan.h"

enum {
	FORK_PROBE_SETS = 2,
};

/** fork_probe_sets - in order of preference */
extern const struct probe_set fork_probe_sets[FORK_PROBE_SETS];

/** fork_record_max() - bytes of the largest usual record. */
size_t fork_record_max(const struct fork_options *options);

#endif
