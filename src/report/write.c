/* SPDX-License-Identifier: MIT */
/* Records to the report's stream; the first failure is remembered. See internal.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "internal.h"
#include "terminal.h"

int report_write(struct report *report, const struct buffer *b)
{
	if (b->err)
		return b->err;
	errno = 0;
	if (!report->failed && b->len && fwrite(b->data, 1, b->len, report->opts.out) != b->len)
		report->failed = errno ? -errno : -EIO;
	return report->failed;
}

int report_flush(struct report *report)
{
	errno = 0;
	if (!report->failed && fflush(report->opts.out) != 0)
		report->failed = errno ? -errno : -EIO;
	return report->failed;
}

int report_write_at_once(struct report *report, const struct buffer *b)
{
	int fd = fileno(report->opts.out);
	size_t done = 0;
	int err;

	if (fd < 0)
		return report_write(report, b);
	err = b->err ? b->err : report_flush(report);
	while (!err && done < b->len && !terminal_is_leaving()) {
		ssize_t n = write(fd, b->data + done, b->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			err = report->failed = -errno;
	}
	return err;
}
