/* SPDX-License-Identifier: MIT */
/* An object's maps as libbpf's BTF-defined maps, and back. Private to the object room. */
#ifndef OBJECT_BTF_H
#define OBJECT_BTF_H

#include "object.h"

struct btf;

enum {
	/* A map's variable in `.maps`: one pointer per attribute. */
	OBJECT_BTF_MAP_SIZE = 5 * 8,
};

/** object_btf_write() - describe all maps; release with btf__free(). Return: 0 or negative errno.
 */
int object_btf_write(const struct object *object, struct btf **btfp, struct error *err);

/** object_btf_read() - fill object->maps, nmaps from @btf. Return: 0, -EINVAL. */
int object_btf_read(struct object *object, const struct btf *btf, struct error *err);

#endif
