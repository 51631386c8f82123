/* SPDX-License-Identifier: MIT */
/*
 * Strict parsing of numbers that a user typed: the whole string has to be the number, without signs
 * or blanks, and in range.
 */
#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum {
	NS_PER_S = 1000000000,
};

/**
 * number_u64() - parse an unsigned decimal integer
 * @text: the digits; need not be NUL-terminated
 * @len:  number of bytes
 * @min:  smallest valid number
 * @max:  largest valid number
 * @out:  filled on success
 *
 * Return: 0; -EINVAL when it is not a number; -ERANGE when it is outside @min..@max.
 */
int number_u64(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out);

/**
 * number_seconds() - parse seconds with up to nine decimals: "0.25"
 * @text:  NUL-terminated
 * @max_s: largest valid number of seconds
 * @ns:    filled on success: nanoseconds
 *
 * Return: 0, -EINVAL or -ERANGE, as number_u64().
 */
int number_seconds(const char *text, uint64_t max_s, uint64_t *ns);

#endif
