/* SPDX-License-Identifier: MIT */
/* A tracepoint's format file: the first line is the name of a field, the rest the file. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "syscall_args.h"
#include "tracefs.h"

static void look_up(const char *name, const char *format)
{
	struct tracefs_field field;
	FILE *file = *format ? fmemopen((void *)format, strlen(format), "r") : NULL;
	int r;

	if (!file)
		return;
	r = tracefs_format_field(file, name, &field);
	HOLDS(r == 0 || r == -ENOENT || r == -EINVAL);
	HOLDS(r != 0 || strstr(format, name));
	HOLDS(r != 0 || !field.data_loc || strstr(format, "__data_loc "));
	fclose(file);
}

static void check_arguments(const char *format)
{
	struct syscall_args args;
	int r = syscall_args_parse(format, &args);

	HOLDS(r == 0 || r == -EINVAL);
	if (r < 0)
		return;
	HOLDS(args.count <= CALL_ARGS);
	for (size_t i = 0; i < args.count; i++) {
		const struct syscall_arg *arg = &args.args[i];

		HOLDS(arg->name[0] && memchr(arg->name, '\0', sizeof(arg->name)));
		HOLDS(arg->bytes == 2 || arg->bytes == 4 || arg->bytes == 8);
		HOLDS(arg->kind <= ARG_DESCRIPTOR);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	char *name = input_text(&input, '\n'), *format = input_text(&input, '\0');

	look_up(name, format);
	check_arguments(format);
	free(name);
	free(format);
	return 0;
}
