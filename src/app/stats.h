/* SPDX-License-Identifier: MIT */
/* --stats: what a run has cost. */
#ifndef STATS_H
#define STATS_H

#include <stdio.h>

#include "session.h"

/** stats_print() - runs and time of each program, start-up times, memory of the tool. */
void stats_print(const struct session *s, FILE *out);

#endif
