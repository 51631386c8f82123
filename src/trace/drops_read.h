/* SPDX-License-Identifier: MIT */
/* What happened and is not in the counts, read from the kernel. */
#ifndef DROPS_READ_H
#define DROPS_READ_H

#include <stdint.h>

#include "error.h"
#include "loader.h"
#include "report.h"

/**
 * drops_read() - what has been dropped so far, over the whole run
 * @timing_only: functions at which what the kernel skips loses no event, ended by NULL
 * @in_flight:   events that were seen to begin and are known to be in progress: they are not
 *               `unmatched`
 * Return: 0 or negative errno. All zero for a program that counts no drops.
 */
int drops_read(const struct loaded *loaded, const char *const *timing_only, uint64_t in_flight,
	       struct drops *drops, struct error *err);

#endif
