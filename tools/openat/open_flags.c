/* SPDX-License-Identifier: MIT */
/* The flags of open(2). See open_flags.h. */
#define _GNU_SOURCE
#include "open_flags.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "constants.h"

enum {
	ACCESS_MODE = 3, /* musl's O_ACCMODE has O_PATH in it */
	/* Of the kernel, that is, without the O_DIRECTORY that goes with it: so that old kernels
	   refuse it. */
	TMPFILE_BIT = O_TMPFILE & ~O_DIRECTORY,
	PREFIX = 2, /* bytes of "O_" */
};
_Static_assert(O_RDONLY == 0 && O_WRONLY == 1 && O_RDWR == 2, "values of an access mode");
_Static_assert(TMPFILE_BIT == 020000000, "one bit");

/* Flag number @i, the access modes first. Return: whether there is one. */
static bool flag_at(size_t i, const char **namep, struct open_flags_test *test)
{
	const struct constant_set *access = constants_find("open_access");
	const struct constant_set *flags = constants_find("open_flags");
	const struct constant_set *set = i < access->count ? access : flags;

	if (set == flags)
		i -= access->count;
	if (i >= set->count || i >= OPEN_FLAGS_MAX)
		return false;
	*namep = set->entries[i].name;
	test->value = set->entries[i].value;
	test->mask = set == access ? ACCESS_MODE : test->value;
	return true;
}

/* ---- from names ---- */

const char *open_flags_word(size_t index)
{
	struct open_flags_test test;
	const char *name;

	return flag_at(index, &name, &test) ? name : NULL;
}

static bool find(const char *name, size_t len, struct open_flags_test *test)
{
	const char *known;

	if (len >= PREFIX && strncasecmp(name, "O_", PREFIX) == 0) {
		name += PREFIX;
		len -= PREFIX;
	}
	for (size_t i = 0; flag_at(i, &known, test); i++)
		if (strlen(known) == PREFIX + len && strncasecmp(name, known + PREFIX, len) == 0)
			return true;
	return false;
}

static int refuse(const char *name, size_t len, struct error *err)
{
	struct open_flags_test test;
	const char *known;
	char there[320];
	size_t at = 0;

	for (size_t i = 0; flag_at(i, &known, &test) && at < sizeof(there); i++)
		at += (size_t)snprintf(there + at, sizeof(there) - at, "%s%s", at ? ", " : "",
				       known);
	return error_set(err, -EINVAL, "'%.*s' is not a flag of open (there are: %s)", (int)len,
			 name, there);
}

static void add_test(struct open_flags_filter *filter, const struct open_flags_test *test)
{
	for (size_t i = 0; i < filter->count; i++)
		if (filter->tests[i].mask == test->mask && filter->tests[i].value == test->value)
			return;
	if (filter->count < OPEN_FLAGS_MAX)
		filter->tests[filter->count++] = *test;
}

int open_flags_parse(const char *list, struct open_flags_filter *out, struct error *err)
{
	for (;;) {
		size_t len = strcspn(list, ",");
		struct open_flags_test test;

		if (!find(list, len, &test))
			return refuse(list, len, err);
		add_test(out, &test);
		list += len;
		if (!*list++)
			return 0;
	}
}

bool open_flags_only_read(const struct open_flags_filter *filter)
{
	return filter->count == 1 && filter->tests[0].mask == ACCESS_MODE &&
	       filter->tests[0].value == O_RDONLY;
}

int open_flags_expression(const struct open_flags_filter *filter, char *buf, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < filter->count && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s((f) & %" PRIu64 ") == %" PRIu64,
					i ? " || " : "(", filter->tests[i].mask,
					filter->tests[i].value);
	if (len < size)
		len += (size_t)snprintf(buf + len, size - len, "%s", filter->count ? ")" : "(1)");
	return len < size ? (int)len : -ENOSPC;
}

/* ---- to names ---- */

size_t open_flags_names(uint64_t flags, const char **names, size_t max, char *unknown)
{
	const char *access = constants_name(constants_find("open_access"), flags, ACCESS_MODE);
	uint64_t rest;
	size_t n = 0;

	if (n < max)
		names[n++] = access ? access : "O_ACCMODE";
	n += constants_split(constants_find("open_flags"), flags & ~(uint64_t)ACCESS_MODE,
			     names + n, max - n, &rest);
	if (rest && n < max) {
		snprintf(unknown, OPEN_FLAGS_UNKNOWN_MAX, "%#" PRIx64, rest);
		names[n++] = unknown;
	}
	return n;
}

bool open_flags_makes(uint64_t flags)
{
	return flags & (O_CREAT | TMPFILE_BIT);
}
