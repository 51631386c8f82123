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

#include "cleanup.h"
#include "lib/arch.h"

enum {
	ACCESS_MODE = 3, /* musl's O_ACCMODE has O_PATH in it */
	/* libc says 0 where every file may be large anyway; programs of 32 bits set it, and some
	   others by number. */
	LARGE_FILE = LARGE_FILE_FLAG,
	/* Of the kernel, that is, without the O_DIRECTORY that goes with it: so that old kernels
	   refuse it. */
	TMPFILE_BIT = O_TMPFILE & ~O_DIRECTORY,
};

/* libc's header has what the kernel of this architecture takes, for its 32-bit programs too. */
_Static_assert(O_RDONLY == 0 && O_WRONLY == 1 && O_RDWR == 2, "values of an access mode");
_Static_assert(TMPFILE_BIT == 020000000, "one bit");
_Static_assert((O_SYNC & O_DSYNC) == O_DSYNC && O_SYNC != O_DSYNC, "two bits, one of them shared");
_Static_assert(O_LARGEFILE == 0 || O_LARGEFILE == LARGE_FILE, "libc has the kernel's, or none");
_Static_assert((LARGE_FILE & (O_DIRECT | O_DIRECTORY | O_NOFOLLOW)) == 0, "a bit of its own");

/**
 * struct flag - one flag
 * @name:   begins with O_
 * @whole:  not shown when all of these are set, as they have a name together; 0: always shown
 */
static const struct flag {
	const char *name;
	uint32_t mask;
	uint32_t value;
	uint32_t whole;
} flags_known[] = {
	{ "O_RDONLY", ACCESS_MODE, O_RDONLY, 0 },
	{ "O_WRONLY", ACCESS_MODE, O_WRONLY, 0 },
	{ "O_RDWR", ACCESS_MODE, O_RDWR, 0 },
	{ "O_CREAT", O_CREAT, O_CREAT, 0 },
	{ "O_EXCL", O_EXCL, O_EXCL, 0 },
	{ "O_NOCTTY", O_NOCTTY, O_NOCTTY, 0 },
	{ "O_TRUNC", O_TRUNC, O_TRUNC, 0 },
	{ "O_APPEND", O_APPEND, O_APPEND, 0 },
	{ "O_NONBLOCK", O_NONBLOCK, O_NONBLOCK, 0 },
	{ "O_DSYNC", O_DSYNC, O_DSYNC, O_SYNC },
	{ "O_SYNC", O_SYNC, O_SYNC, 0 },
	{ "O_ASYNC", O_ASYNC, O_ASYNC, 0 },
	{ "O_DIRECT", O_DIRECT, O_DIRECT, 0 },
	{ "O_LARGEFILE", LARGE_FILE, LARGE_FILE, 0 },
	{ "O_DIRECTORY", O_DIRECTORY, O_DIRECTORY, O_TMPFILE },
	{ "O_NOFOLLOW", O_NOFOLLOW, O_NOFOLLOW, 0 },
	{ "O_NOATIME", O_NOATIME, O_NOATIME, 0 },
	{ "O_CLOEXEC", O_CLOEXEC, O_CLOEXEC, 0 },
	{ "O_PATH", O_PATH, O_PATH, 0 },
	{ "O_TMPFILE", O_TMPFILE, O_TMPFILE, 0 },
};

enum {
	FLAGS = array_size(flags_known),
	PREFIX = 2, /* bytes of "O_" */
};
_Static_assert(array_size(flags_known) <= OPEN_FLAGS_MAX, "room for all");
_Static_assert(array_size(flags_known) + 1 <= OPEN_FLAGS_NAMES_MAX, "and for the unknown bits");

/* ---- from names ---- */

static const struct flag *find(const char *name, size_t len)
{
	if (len >= PREFIX && strncasecmp(name, "O_", PREFIX) == 0) {
		name += PREFIX;
		len -= PREFIX;
	}
	for (size_t i = 0; i < FLAGS; i++) {
		const char *known = flags_known[i].name + PREFIX;

		if (strlen(known) == len && strncasecmp(name, known, len) == 0)
			return &flags_known[i];
	}
	return NULL;
}

static int refuse(const char *name, size_t len, struct error *err)
{
	char there[320];
	size_t at = 0;

	for (size_t i = 0; i < FLAGS && at < sizeof(there); i++)
		at += (size_t)snprintf(there + at, sizeof(there) - at, "%s%s", at ? ", " : "",
				       flags_known[i].name);
	return error_set(err, -EINVAL, "'%.*s' is not a flag of open (there are: %s)", (int)len,
			 name, there);
}

static void add_test(struct open_flags_filter *filter, const struct flag *flag)
{
	for (size_t i = 0; i < filter->count; i++)
		if (filter->tests[i].mask == flag->mask && filter->tests[i].value == flag->value)
			return;
	filter->tests[filter->count++] = (struct open_flags_test){ flag->mask, flag->value };
}

int open_flags_parse(const char *list, struct open_flags_filter *out, struct error *err)
{
	for (;;) {
		size_t len = strcspn(list, ",");
		const struct flag *flag = find(list, len);

		if (!flag)
			return refuse(list, len, err);
		add_test(out, flag);
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

static const char *access_name(uint64_t flags)
{
	for (size_t i = 0; i < FLAGS; i++)
		if (flags_known[i].mask == ACCESS_MODE &&
		    flags_known[i].value == (flags & ACCESS_MODE))
			return flags_known[i].name;
	return "O_ACCMODE";
}

static bool has_all(uint64_t flags, uint64_t bits)
{
	return (flags & bits) == bits;
}

size_t open_flags_names(uint64_t flags, const char **names, size_t max, char *unknown)
{
	uint64_t rest = flags & ~(uint64_t)ACCESS_MODE;
	size_t n = 0;

	if (n < max)
		names[n++] = access_name(flags);
	for (size_t i = 0; i < FLAGS && rest; i++) {
		const struct flag *flag = &flags_known[i];

		if (flag->mask == ACCESS_MODE || !has_all(flags, flag->value) ||
		    (flag->whole && has_all(flags, flag->whole)))
			continue;
		if (n < max)
			names[n++] = flag->name;
		rest &= ~(uint64_t)flag->value;
	}
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
