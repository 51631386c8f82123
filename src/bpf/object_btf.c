/* SPDX-License-Identifier: MIT */
/*
 * An object's maps as BTF. See object_btf.h.
 *
 * In libbpf's convention a map is a variable in the section `.maps`, and its type is a struct. An
 * attribute with the value N is a member that points to an array of N ints. In a map of maps the
 * last member, `values`, is an empty array of pointers to the struct of the inner map.
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

/* BTF ids of a map's struct and of its inner map's; 0: it has none. */
struct map_types {
	uint32_t own;
	uint32_t inner;
};

static uint32_t *attribute(struct object_map *map, size_t i)
{
	return (uint32_t *)((char *)map + attributes[i].offset);
}

/*
 * Return: BTF id of the struct for @map, or a negative errno.
 *
 * btf__add_field() extends the struct that was added last, so the members' types are added first.
 */
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
	/* A map of maps needs the struct of its inner map, so it comes in the second round. */
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
		return error_set(err, r, "describing the maps in BTF: %s", error_words(r));
	}
	*btfp = btf;
	return 0;
}

/* Return: the type with this id, or NULL if there is none of this kind. @id: from a file */
static const struct btf_type *type_of_kind(const struct btf *btf, uint32_t id, unsigned kind)
{
	const struct btf_type *t = id < btf__type_cnt(btf) ? btf__type_by_id(btf, id) : NULL;

	return t && btf_kind(t) == kind ? t : NULL;
}

/* Return: N if the type is a pointer to an array of N ints; otherwise UINT32_MAX. */
static uint32_t pointed_array_length(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_of_kind(btf, id, BTF_KIND_PTR);

	t = t ? type_of_kind(btf, t->type, BTF_KIND_ARRAY) : NULL;
	return t ? btf_array(t)->nelems : UINT32_MAX;
}

/* Return: BTF id of the struct that the member `values` points to; 0 if it is something else. */
static uint32_t inner_struct_id(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = type_of_kind(btf, id, BTF_KIND_ARRAY);

	t = t ? type_of_kind(btf, btf_array(t)->type, BTF_KIND_PTR) : NULL;
	return t ? t->type : 0;
}

static int read_map(struct object_map *map, const struct btf *btf,
		    const struct btf_type *description, uint32_t *inner_id)
{
	const struct btf_member *member = btf_members(description);

	*inner_id = 0;
	map->inner = -1;
	for (unsigned m = 0; m < btf_vlen(description); m++, member++) {
		const char *name = btf__name_by_offset(btf, member->name_off);

		if (!name)
			return -EINVAL;
		if (strcmp(name, "values") == 0)
			*inner_id = inner_struct_id(btf, member->type);
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

/*
 * @id:     type of a variable in `.maps`
 * @types:  result: id of the map's struct, and of its inner map's struct or 0
 */
static int read_variable(struct object_map *map, const struct btf *btf, uint32_t id,
			 struct map_types *types)
{
	const struct btf_type *var = type_of_kind(btf, id, BTF_KIND_VAR);
	const struct btf_type *description =
		var ? type_of_kind(btf, var->type, BTF_KIND_STRUCT) : NULL;
	const char *name = var ? btf__name_by_offset(btf, var->name_off) : NULL;

	if (!name || !description || strlen(name) >= sizeof(map->name) ||
	    read_map(map, btf, description, &types->inner) < 0)
		return -EINVAL;
	memcpy(map->name, name, strlen(name) + 1);
	types->own = var->type;
	return 0;
}

/* An inner map cannot be a map of maps itself: the kernel rejects that. */
static void find_inner_maps(struct object *object, const struct map_types *types)
{
	for (size_t i = 0; i < object->nmaps; i++)
		for (size_t j = 0; types[i].inner && j < object->nmaps; j++)
			if (types[j].own == types[i].inner && !types[j].inner)
				object->maps[i].inner = (int)j;
}

int object_btf_read(struct object *object, const struct btf *btf, struct error *err)
{
	struct map_types types[OBJECT_MAPS_MAX];
	int id = btf__find_by_name_kind(btf, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;

	object->nmaps = 0;
	if (!section)
		return 0;
	if (btf_vlen(section) > OBJECT_MAPS_MAX)
		return error_set(err, -EINVAL, "compiled object: too many maps");
	for (unsigned i = 0; i < btf_vlen(section); i++)
		if (read_variable(&object->maps[i], btf, btf_var_secinfos(section)[i].type,
				  &types[i]) < 0)
			return error_set(err, -EINVAL, "compiled object: map %u is not described",
					 i);
	object->nmaps = btf_vlen(section);
	find_inner_maps(object, types);
	return 0;
}
