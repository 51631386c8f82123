/* SPDX-License-Identifier: MIT */
/* Strict numbers: the whole string, in range, nothing around it. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum {
	NS_PER_S = 1000000000,
};

/**
 * number_u64() - an unsigned decimal integer
 * Return: 0, -EINVAL (not a number), -ERANGE (outside @min..@max).
 */
int number_u64(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out);

/**
 * number_seconds() - seconds with at most nine decimals ("0.25"), into nanoseconds; up to @max_s
 * seconds Return: 0, -EINVAL, -ERANGE.
 */
int number_seconds(const char *text, uint64_t max_s, uint64_t *ns);

#endif
