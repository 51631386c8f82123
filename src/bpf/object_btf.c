/* SPDX-License-Identifier: MIT */
/*
 * libbpf's convention for a map: a variable in the section `.maps` whose type is a struct; an
 * attribute with value N is a member that points to an array of N ints; the template of a map of
 * maps is a last member `values`, an empty array of pointers to the template's struct.
 */
#define _GNU_SOURCE
#include "object_btf.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"

static const struct {
	const char *name;
	size_t offset; /* of a uint32_t in struct object_map */
} attributes[] = {
	{ "type", offsetof(struct object_map, type) },
	{ "key_size", offsetof(struct object_map, key_size) },
	{ "value_size", offsetof(struct object_map, value_size) },
	{ "max_entries", offsetof(struct object_map, max_entries) },
	{ "map_flags", offsetof(struct object_map, flags) },
};

_Static_assert(OBJECT_BTF_MAP_SIZE == array_size(attributes) * 8, "one pointer per attribute");

static uint32_t *attribute(struct object_map *map, size_t i)
{
	return (uint32_t *)((char *)map + attributes[i].offset);
}

/* Return: BTF id of the struct for @map, or negative errno. Member types go first: fields join the
 * last struct. */
static int add_map_struct(struct btf *btf, int int_id, struct object_map *map, int inner_struct)
{
	int ids[array_size(attributes)], values = 0, id, r = 0;

	for (size_t i = 0; i < array_size(attributes); i++) {
		ids[i] = btf__add_array(btf, int_id, int_id, *attribute(map, i));
		if (ids[i] > 0)
			ids[i] = btf__add_ptr(btf, ids[i]);
		if (ids[i] < 0)
			return ids[i];
	}
	if (map->inner >= 0) {
		values = btf__add_ptr(btf, inner_struct);
		if (values > 0)
			values = btf__add_array(btf, int_id, values, 0);
		if (values < 0)
			return values;
	}
	id = btf__add_struct(btf, NULL, OBJECT_BTF_MAP_SIZE);
	for (size_t i = 0; id > 0 && r == 0 && i < array_size(attributes); i++)
		r = btf__add_field(btf, attributes[i].name, ids[i], (uint32_t)i * 64, 0);
	if (id > 0 && r == 0 && map->inner >= 0)
		r = btf__add_field(btf, "values", values, OBJECT_BTF_MAP_SIZE * 8, 0);
	return r < 0 ? r : id;
}

int object_btf_write(const struct object *object, struct btf **btfp, struct error *err)
{
	int structs[OBJECT_MAPS_MAX], vars[OBJECT_MAPS_MAX], int_id, r;
	struct btf *btf = btf__new_empty();

	if (!btf)
		return error_nomem(err);
	r = int_id = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	/* Two rounds: a map of maps refers to its template's struct. */
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; r >= 0 && i < object->nmaps; i++) {
			struct object_map map = object->maps[i];

			if ((map.inner >= 0) == (round == 1))
				r = structs[i] = add_map_struct(btf, int_id, &map,
								round ? structs[map.inner] : 0);
		}
	}
	for (size_t i = 0; r >= 0 && i < object->nmaps; i++)
		r = vars[i] = btf__add_var(btf, object->maps[i].name, BTF_VAR_GLOBAL_ALLOCATED,
					   structs[i]);
	if (r >= 0 && object->nmaps)
		r = btf__add_datasec(btf, ".maps", (uint32_t)object->nmaps * OBJECT_BTF_MAP_SIZE);
	for (size_t i = 0; r >= 0 && i < object->nmaps; i++)
		r = btf__add_datasec_var_info(btf, vars[i], (uint32_t)i * OBJECT_BTF_MAP_SIZE,
					      OBJECT_BTF_MAP_SIZE);
	if (r < 0) {
		btf__free(btf);
		return error_set(err, r, "describing the maps in BTF: %s", error_name(r));
	}
	*btfp = btf;
	return 0;
}

/* The type with this id when it is of this kind, else NULL: ids from a file may be anything. */
static const struct btf_type *type_of_kind(const struct btf *btf, uint32_t id, unsigned kind)
{
	const struct btf_type *t = id < btf__type_cnt(btf) ? btf__type_by_id(btf, id) : NULL;

	return t && btf_kind(t) == kind ? t : NULL;
}

/* N of "pointer to array of N ints"; UINT32_MAX when it is something else. */
static uint32_t pointed_array_length(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_of_kind(btf, id, BTF_KIND_PTR);

	t = t ? type_of_kind(btf, t->type, BTF_KIND_ARRAY) : NULL;
	return t ? btf_array(t)->nelems : UINT32_MAX;
}

/* BTF id of the struct that `values` points to, 0 when it is something else. */
static uint32_t template_struct(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_of_kind(btf, id, BTF_KIND_ARRAY);

	t = t ? type_of_kind(btf, btf_array(t)->type, BTF_KIND_PTR) : NULL;
	return t ? t->type : 0;
}

static int read_map(struct object_map *map, const struct btf *btf,
		    const struct btf_type *description, uint32_t *template_id)
{
	const struct btf_member *member = btf_members(description);

	*template_id = 0;
	map->inner = -1;
	for (unsigned m = 0; m < btf_vlen(description); m++, member++) {
		const char *name = btf__name_by_offset(btf, member->name_off);

		if (!name)
			return -EINVAL;
		if (strcmp(name, "values") == 0)
			*template_id = template_struct(btf, member->type);
		for (size_t i = 0; i < array_size(attributes); i++) {
			uint32_t value;

			if (strcmp(name, attributes[i].name) != 0)
				continue;
			value = pointed_array_length(btf, member->type);
			if (value == UINT32_MAX)
				return -EINVAL;
			*attribute(map, i) = value;
		}
	}
	return 0;
}

/* All variables of the `.maps` section, in order. */
int object_btf_read(struct object *object, const struct btf *btf, struct error *err)
{
	uint32_t structs[OBJECT_MAPS_MAX], templates[OBJECT_MAPS_MAX];
	int id = btf__find_by_name_kind(btf, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;

	object->nmaps = 0;
	if (!section)
		return 0;
	if (btf_vlen(section) > OBJECT_MAPS_MAX)
		return error_set(err, -EINVAL, "compiled object: too many maps");
	for (unsigned i = 0; i < btf_vlen(section); i++) {
		struct object_map *map = &object->maps[i];
		const struct btf_type *var =
			type_of_kind(btf, btf_var_secinfos(section)[i].type, BTF_KIND_VAR);
		const struct btf_type *description =
			var ? type_of_kind(btf, var->type, BTF_KIND_STRUCT) : NULL;
		const char *name = var ? btf__name_by_offset(btf, var->name_off) : NULL;

		if (!name || !description || strlen(name) >= sizeof(map->name) ||
		    read_map(map, btf, description, &templates[i]) < 0)
			return error_set(err, -EINVAL, "compiled object: map %u is not described",
					 i);
		memcpy(map->name, name, strlen(name) + 1);
		structs[i] = var->type;
	}
	object->nmaps = btf_vlen(section);
	for (size_t i = 0; i < object->nmaps; i++)
		for (size_t j = 0; templates[i] && j < object->nmaps; j++)
			if (structs[j] == templates[i] && !templates[j])
				object->maps[i].inner = (int)j;
	return 0;
}
