/* SPDX-License-Identifier: MIT */
/*
 * An estimate of how many different values there were, from the registers of a HyperLogLog. A
 * program in the kernel keeps the registers: OPEN_DISTINCT_BITS bits of a value's hash choose one
 * of them, and it stores the largest rank it has seen, which is 1 plus the number of leading zeros
 * in the other bits. A register is 0 while no value has chosen it.
 *
 * The standard error is 3.25 % (1.04 / sqrt(OPEN_DISTINCT)). For few values it is far smaller: one
 * value gives 1, and up to 20 are hardly ever off by more than 1.
 */
#ifndef HYPERLOGLOG_H
#define HYPERLOGLOG_H

#include <stdint.h>

#include "openat/records.h"

enum {
	/* The rank when all the other bits are 0; a larger register is taken for this. */
	HYPERLOGLOG_RANK_MAX = 64 - OPEN_DISTINCT_BITS + 1,
};

/**
 * hyperloglog_estimate() - how many different values there were
 * @registers: OPEN_DISTINCT of them
 *
 * Return: the estimate; UINT64_MAX when it does not fit.
 */
uint64_t hyperloglog_estimate(const uint8_t *registers);

/** hyperloglog_merge() - make @to the registers of the values that either @to or @from has seen. */
void hyperloglog_merge(uint8_t *to, const uint8_t *from);

#endif
