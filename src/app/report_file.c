/* SPDX-License-Identifier: MIT */
/* --report FILE. See report_file.h. */
#define _GNU_SOURCE
#include "report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

bool report_file_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

static int failed(const char *path, struct error *err)
{
	return error_set(err, -errno, "--report: cannot open '%s': %s", path, error_words(errno));
}

int report_file_open(const char *path, int *outputp, struct error *err)
{
	cleanup_close int output = -1, fd = -1;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0666);
	if (fd < 0)
		return failed(path, err);
	output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (output < 0 || dup3(fd, STDOUT_FILENO, O_CLOEXEC) < 0)
		return failed(path, err);
	*outputp = steal_fd(&output);
	return 0;
}
