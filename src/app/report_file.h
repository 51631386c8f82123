/* SPDX-License-Identifier: MIT */
/*
 * --report FILE: the report goes there, and a COMMAND keeps standard output.
 *
 * The file takes the place of this process's standard output, so that everything about a report
 * that cannot be written, or whose reader goes away, is the same for both.
 */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include <stdbool.h>

#include "error.h"

/** report_file_is_stdout() - does this path, NULL or "-", mean standard output? */
bool report_file_is_stdout(const char *path);

/**
 * report_file_open() - put a file in the place of standard output
 * @path:    created with mode 0666 and the umask; a regular file is truncated. A FIFO waits for its
 *           reader
 * @outputp: set to a descriptor of what was standard output, which the caller closes
 *
 * Return: 0 or negative errno.
 */
int report_file_open(const char *path, int *outputp, struct error *err);

#endif
