/* SPDX-License-Identifier: MIT */
/* The kernel's own description of its tracepoints. See tracefs.h. */
#define _GNU_SOURCE
#include "tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "detached_mount.h"

/* Open a directory if tracefs is mounted there. Return: descriptor or -1. */
static int open_mounted(const char *path)
{
	cleanup_close int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) < 0 || (unsigned long)fs.f_type != TRACEFS_MAGIC)
		return -1;
	return steal_fd(&fd);
}

int tracefs_open(struct error *err)
{
	int fd = open_mounted("/sys/kernel/tracing");

	if (fd < 0)
		fd = open_mounted("/sys/kernel/debug/tracing");
	if (fd < 0)
		fd = detached_mount("tracefs");
	if (fd < 0)
		return error_set(err, -errno, "tracefs is not mounted and cannot be: %s",
				 error_words(errno));
	return fd;
}

static FILE *open_event_file(int tracefs, const char *event, const char *file, struct error *err)
{
	char path[PATH_MAX];
	FILE *stream = NULL;
	int fd;

	snprintf(path, sizeof(path), "events/%s/%s", event, file);
	fd = openat(tracefs, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		stream = fdopen(fd, "r");
	if (stream)
		return stream;
	error_set(err, -errno, "tracefs: reading %s: %s", path, error_words(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

int tracefs_event_id(int tracefs, const char *event, struct error *err)
{
	cleanup_fclose FILE *file = open_event_file(tracefs, event, "id", err);
	int id;

	if (!file)
		return err->code;
	if (fscanf(file, "%d", &id) != 1 || id < 0)
		return error_set(err, -EINVAL, "tracefs: events/%s/id holds no number", event);
	return id;
}

/*
 * Does a declaration have this name? A line reads "\tfield:unsigned char
 * comm[16];\toffset:8;\tsize:16;\tsigned:0;": the name is the last word of the declaration, without
 * the brackets of an array.
 */
static bool is_field(const char *declaration, size_t len, const char *name)
{
	size_t want = strlen(name), end = len, start;

	if (end && declaration[end - 1] == ']')
		while (end && declaration[end - 1] != '[')
			end--;
	if (!end)
		return false; /* a bracket that nothing opens */
	if (end < len)
		end--;
	start = end;
	while (start && declaration[start - 1] != ' ' && declaration[start - 1] != '*')
		start--;
	return end - start == want && strncmp(declaration + start, name, want) == 0;
}

int tracefs_format_field(FILE *format, const char *name, struct tracefs_field *field)
{
	char line[512];

	while (fgets(line, sizeof(line), format)) {
		const char *declaration = strstr(line, "field:"), *end;

		if (!declaration)
			continue;
		declaration += strlen("field:");
		end = strchr(declaration, ';');
		if (!end || !is_field(declaration, (size_t)(end - declaration), name))
			continue;
		if (sscanf(end, "; offset:%u; size:%u;", &field->offset, &field->size) != 2)
			return -EINVAL;
		field->data_loc = strncmp(declaration, "__data_loc ", strlen("__data_loc ")) == 0;
		return 0;
	}
	return -ENOENT;
}

int tracefs_field(int tracefs, const char *event, const char *name, struct tracefs_field *field,
		  struct error *err)
{
	cleanup_fclose FILE *file = open_event_file(tracefs, event, "format", err);
	int r;

	if (!file)
		return err->code;
	r = tracefs_format_field(file, name, field);
	if (r < 0)
		return error_set(err, r, "tracefs: tracepoint %s has no field '%s'", event, name);
	return 0;
}
