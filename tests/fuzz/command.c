/* SPDX-License-Identifier: MIT */
/* Looks a command up: PATH is the first line, the command's name the second. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "child_command.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	char *path = input_text(&input, '\n'), *name = input_text(&input, '\n');
	struct error err = ERROR_INIT;
	int status = 0, r;

	setenv("PATH", path, 1);
	r = command_find(name, NULL, &status, &err);
	HOLDS(r == 0 || r == -ENOENT || r == -EACCES);
	HOLDS(r != 0 || *name);
	HOLDS(r == 0 || (err.text[0] &&
			 status == (r == -ENOENT ? COMMAND_NOT_FOUND : COMMAND_NOT_EXECUTABLE)));
	error_clear(&err);
	free(path);
	free(name);
	return 0;
}
