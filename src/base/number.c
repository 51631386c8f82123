/* SPDX-License-Identifier: MIT */
/* Strict parsing of numbers. See number.h. */
#include "number.h"

#include <errno.h>
#include <string.h>

int number_u64(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (!len)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return -ERANGE;
		value = value * 10 + digit;
	}
	if (value < min || value > max)
		return -ERANGE;
	*out = value;
	return 0;
}

int number_seconds(const char *text, uint64_t max_s, uint64_t *ns)
{
	const char *dot = strchr(text, '.');
	size_t whole_len = dot ? (size_t)(dot - text) : strlen(text);
	size_t decimals = dot ? strlen(dot + 1) : 0;
	uint64_t whole, fraction = 0;
	int r = number_u64(text, whole_len, 0, UINT64_MAX, &whole);

	if (r == 0 && dot)
		r = decimals > 9 ? -EINVAL
				 : number_u64(dot + 1, decimals, 0, UINT64_MAX, &fraction);
	if (r < 0)
		return r;
	for (; decimals < 9; decimals++)
		fraction *= 10;
	if (whole > max_s || (whole == max_s && fraction))
		return -ERANGE;
	*ns = whole * NS_PER_S + fraction;
	return 0;
}
