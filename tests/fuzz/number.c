/* SPDX-License-Identifier: MIT */
/*
 * Numbers and seconds: a text that is taken has the value that strtoull(3) gives, and prints as
 * the same value; no other text is taken.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "number.h"

static void check_number(const char *text)
{
	bool digits = *text && strspn(text, "0123456789") == strlen(text);
	uint64_t value;
	int r = number_u64(text, strlen(text), 3, UINT64_MAX - 3, &value);

	if (!digits) {
		HOLDS(r == -EINVAL);
		return;
	}
	errno = 0;
	if (strtoull(text, NULL, 10) < 3 || strtoull(text, NULL, 10) > UINT64_MAX - 3)
		HOLDS(r == -ERANGE);
	else
		HOLDS(r == 0 && value == strtoull(text, NULL, 10) && errno == 0);
}

static void check_seconds(const char *text)
{
	enum {
		MOST = 100000000,
	};
	uint64_t ns, again;
	char back[64];
	int r = number_seconds(text, MOST, &ns);

	HOLDS(r == 0 || r == -EINVAL || r == -ERANGE);
	if (r < 0)
		return;
	HOLDS(ns <= (uint64_t)MOST * NS_PER_S);
	HOLDS(strspn(text, "0123456789.") == strlen(text));
	snprintf(back, sizeof(back), "%llu.%09llu", (unsigned long long)(ns / NS_PER_S),
		 (unsigned long long)(ns % NS_PER_S));
	HOLDS(number_seconds(back, MOST, &again) == 0 && again == ns);
	/* A double is exact to a microsecond. */
	HOLDS(strtod(text, NULL) - (double)ns / 1e9 < 1e-6 &&
	      strtod(text, NULL) - (double)ns / 1e9 > -1e-6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	char *text = input_text(&input, '\0');

	check_number(text);
	check_seconds(text);
	free(text);
	return 0;
}
