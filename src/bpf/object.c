/* SPDX-License-Identifier: MIT */
/* What both directions of the object format share. See object.h. */
#include "object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void object_clear(struct object *object)
{
	for (size_t i = 0; i < object->nprograms; i++) {
		free(object->programs[i].insns);
		free(object->programs[i].relocs);
	}
	memset(object, 0, sizeof(*object));
}

int object_map(const struct object *object, const char *name)
{
	for (size_t i = 0; i < object->nmaps; i++)
		if (strcmp(object->maps[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}
