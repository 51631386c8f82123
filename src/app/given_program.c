/* SPDX-License-Identifier: MIT */
/* --program FILE. See given_program.h. */
#define _GNU_SOURCE
#include "given_program.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "number.h"

enum {
	TEXT_MAX = 1 << 20, /* bytes; the largest of the tools' own has some 100,000 */
};

static int refuse(const char *path, int code, const char *why, struct error *err)
{
	return error_set(err, code, "--program: '%s': %s", path, why);
}

/* root, this user, or the one who became root with sudo(8), who could change anything anyway. */
static bool may_own(uid_t owner)
{
	const char *caller = getuid() == 0 ? getenv("SUDO_UID") : NULL;
	uint64_t id;

	if (owner == 0 || owner == getuid())
		return true;
	return caller && number_u64(caller, strlen(caller), 0, UINT32_MAX, &id) == 0 && owner == id;
}

static int check_file(const char *path, int fd, size_t *size, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return refuse(path, -errno, error_words(errno), err);
	if (!S_ISREG(st.st_mode))
		return refuse(path, -EINVAL, "it is no regular file", err);
	if (!may_own(st.st_uid) || (st.st_mode & (S_IWGRP | S_IWOTH)))
		return refuse(path, -EPERM, "others than root can write it", err);
	if (st.st_size > TEXT_MAX)
		return refuse(path, -EFBIG, "it is too large for a program", err);
	*size = (size_t)st.st_size;
	return 0;
}

static int read_text(const char *path, int fd, char *text, size_t size, struct error *err)
{
	size_t have = 0;

	while (have < size) {
		ssize_t n = read(fd, text + have, size - have);

		if (n < 0)
			return refuse(path, -errno, error_words(errno), err);
		if (n == 0)
			break;
		have += (size_t)n;
	}
	text[have] = '\0';
	if (strlen(text) != have)
		return refuse(path, -EINVAL, "it is no text: it has a NUL byte", err);
	return have ? 0 : refuse(path, -EINVAL, "it is empty", err);
}

int given_program_read(const char *path, char **textp, struct error *err)
{
	cleanup_close int fd = -1;
	cleanup_free char *text = NULL;
	size_t size = 0;
	int r;

	if (geteuid() != 0)
		return refuse(path, -EPERM, "only root may run a program of its own", err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return refuse(path, -errno, error_words(errno), err);
	r = check_file(path, fd, &size, err);
	if (r < 0)
		return r;
	text = malloc(size + 1);
	if (!text)
		return error_nomem(err);
	r = read_text(path, fd, text, size, err);
	if (r == 0) {
		*textp = text;
		text = NULL;
	}
	return r;
}

static bool is_of_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool has_function(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at += len)
		if ((at == text || !is_of_name(at[-1])) && at[len] == '(')
			return true;
	return false;
}

int given_program_defines(const char *path, const char *text, const struct hook *hooks,
			  size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (has_function(text, hooks[i].function))
			continue;
		error_set(err, -ENOTSUP, "--program: '%s': it has no function '%s'", path,
			  hooks[i].function);
		return error_hint(err, GIVEN_PROGRAM_HINT);
	}
	return 0;
}

void given_program_maps(const struct object *object, struct map_list *maps)
{
	maps->count = object->nmaps;
	memcpy(maps->maps, object->maps, sizeof(maps->maps));
}

/* A map that the tool reads is not there, or is another. Return: -EINVAL. */
static int refuse_map(const char *path, const struct object_map *need, const struct object_map *has,
		      struct error *err)
{
	if (has)
		error_set(err, -EINVAL,
			  "--program: '%s': the map '%s' has keys of %u and values of "
			  "%u bytes; the tool knows it with %u and %u",
			  path, need->name, has->key_size, has->value_size, need->key_size,
			  need->value_size);
	else
		error_set(err, -EINVAL, "--program: '%s': it has no map '%s', which the tool needs",
			  path, need->name);
	return error_hint(err, GIVEN_PROGRAM_HINT);
}

int given_program_fits(const char *path, const struct map_list *needs, const struct object *object,
		       struct error *err)
{
	for (size_t i = 0; i < needs->count; i++) {
		const struct object_map *need = &needs->maps[i];
		int at = object_map(object, need->name);
		const struct object_map *has = at < 0 ? NULL : &object->maps[at];

		if (!has || has->type != need->type || has->key_size != need->key_size ||
		    has->value_size != need->value_size)
			return refuse_map(path, need, has, err);
	}
	return 0;
}
