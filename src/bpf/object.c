/* SPDX-License-Identifier: MIT */
/* Objects in memory. See object.h. */
#include "object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int object_set_hook(struct object_program *program, const struct hook *hook)
{
	size_t name_size = strlen(hook->function) + 1, target_size = strlen(hook->target) + 1;

	if (name_size > sizeof(program->name) || target_size > sizeof(program->target))
		return -ENAMETOOLONG;
	memcpy(program->name, hook->function, name_size);
	memcpy(program->target, hook->target, target_size);
	program->hook = (struct hook){ hook->kind, program->name, program->target };
	return 0;
}

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
