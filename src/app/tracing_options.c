/* SPDX-License-Identifier: MIT */
/* Options that bcc-syscalls and bcc-openat have in common. See tracing_options.h. */
#include "tracing_options.h"

#include <errno.h>
#include <string.h>

#include "number.h"

enum {
	PAGES_MOST = 65536,
};

int tracing_options_parse(struct tracing_options *options, int id, const char *value, unsigned keys,
			  struct error *err)
{
	switch (id) {
	case OPT_BY:
		return group_by_parse(&options->by, value, keys, err);
	case OPT_ERRNO:
		return errno_set_add(&options->errnos, value, err);
	default:
		return options_pages(value, &options->buffer_pages, err);
	}
}

/* The first option given that is about rows. */
static const char *about_rows(const struct tracing_options *options, const struct options *common,
			      const char *not_with_stream)
{
	if (options->by.words)
		return "by";
	if (options->latency)
		return "latency";
	if (options->histogram)
		return "histogram";
	if (not_with_stream)
		return not_with_stream;
	if (common->report.top)
		return "top";
	return common->interval_given ? "interval" : NULL;
}

int tracing_options_check(const struct tracing_options *options, const struct options *common,
			  const char *not_with_stream, struct error *err)
{
	const char *other = about_rows(options, common, not_with_stream);

	if (options->stream && other)
		return error_set(err, -EINVAL, "--stream and --%s exclude each other", other);
	if (options->histogram && !options->latency)
		return error_set(err, -EINVAL, "--histogram needs --latency");
	if (options->buffer_pages && !options->stream)
		return error_set(err, -EINVAL, "--buffer needs --stream");
	return 0;
}

struct group_by tracing_options_by(const struct tracing_options *options, enum by_word usual)
{
	return options->by.words ? options->by : (struct group_by){ 1u << usual };
}

int options_pages(const char *value, uint64_t *pages, struct error *err)
{
	if (number_u64(value, strlen(value), 1, PAGES_MOST, pages) < 0)
		return error_set(err, -EINVAL, "'%s' is not a number of pages (1 to %d)", value,
				 PAGES_MOST);
	if (*pages & (*pages - 1))
		return error_set(err, -EINVAL, "'%s' is not a power of two", value);
	return 0;
}
