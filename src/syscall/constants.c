/* SPDX-License-Identifier: MIT */
/* Sets of constants. See constants.h. */
#include "constants.h"

#include <stdbool.h>
#include <string.h>

const struct constant_set *constants_find(const char *name)
{
	for (const struct constant_set *set = constant_sets; set->name; set++)
		if (strcmp(set->name, name) == 0)
			return set;
	return NULL;
}

const char *constants_name(const struct constant_set *set, uint64_t value, uint64_t mask)
{
	for (size_t i = 0; i < set->count; i++)
		if (((set->entries[i].value ^ value) & mask) == 0)
			return set->entries[i].name;
	return NULL;
}

static bool has_all(uint64_t value, uint64_t bits)
{
	return bits && (value & bits) == bits;
}

static bool is_part_of_another(const struct constant_set *set, uint64_t value, uint64_t bits)
{
	for (size_t i = 0; i < set->count; i++) {
		uint64_t other = set->entries[i].value;

		if (other != bits && has_all(value, other) && has_all(other, bits))
			return true;
	}
	return false;
}

size_t constants_split(const struct constant_set *set, uint64_t value, const char **names,
		       size_t max, uint64_t *rest)
{
	size_t n = 0;

	*rest = value;
	for (size_t i = 0; i < set->count; i++) {
		uint64_t bits = set->entries[i].value;

		if (!has_all(value, bits) || is_part_of_another(set, value, bits))
			continue;
		if (n < max)
			names[n++] = set->entries[i].name;
		*rest &= ~bits;
	}
	return n;
}
