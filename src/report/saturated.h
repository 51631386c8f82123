/* SPDX-License-Identifier: MIT */
/* Sums that cannot overflow. */
#ifndef SATURATED_H
#define SATURATED_H

#include <stdint.h>

/**
 * add_saturated() - add two counts
 *
 * Return: UINT64_MAX when the sum does not fit, because a wrapped sum would be small and look
 * plausible.
 */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

#endif
