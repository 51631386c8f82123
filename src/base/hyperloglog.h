/* SPDX-License-Identifier: MIT */
/*
 * How many different things there were, from the registers of a HyperLogLog.
 *
 * A register is chosen by OPEN_DISTINCT_BITS bits of a thing's hash. It holds the largest rank of
 * those that chose it: 1 and the number of leading zeros in the other bits of 64; 0: none did. The
 * standard error is 3.25 % (1.04 / sqrt(OPEN_DISTINCT)), far less when there are few things: 1 is
 * 1, and up to 20 are hardly ever off by more than 1.
 */
#ifndef HYPERLOGLOG_H
#define HYPERLOGLOG_H

#include <stdint.h>

#include "openat/records.h"

enum {
	DISTINCT_RANK_MAX = 64 - OPEN_DISTINCT_BITS +
			    1, /* all bits are zeros; a register above is taken for this */
};

/** distinct_estimate() - how many there were, from OPEN_DISTINCT registers; UINT64_MAX: more than
 * can be told */
uint64_t distinct_estimate(const uint8_t *registers);

/** distinct_merge() - make @to the registers of all that either has seen. */
void distinct_merge(uint8_t *to, const uint8_t *from);

#endif
