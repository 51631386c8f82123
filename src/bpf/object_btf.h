/* SPDX-License-Identifier: MIT */
/*
 * An object's maps as BTF, in libbpf's convention for BTF-defined maps, and back. For object_read.c
 * and object_write.c only.
 */
#ifndef OBJECT_BTF_H
#define OBJECT_BTF_H

#include "object.h"

struct btf;

enum {
	OBJECT_BTF_MAP_SIZE = 5 * 8, /* bytes of a map's variable: one pointer per attribute */
};

/**
 * object_btf_write() - describe all maps of @object
 * @btfp: result; release with btf__free()
 *
 * Return: 0 or a negative errno.
 */
int object_btf_write(const struct object *object, struct btf **btfp, struct error *err);

/**
 * object_btf_read() - fill @object->maps and nmaps
 * @btf: a file's BTF; libbpf has checked its structure, and this function checks its contents
 *
 * Return: 0 or -EINVAL.
 */
int object_btf_read(struct object *object, const struct btf *btf, struct error *err);

#endif
