/* SPDX-License-Identifier: MIT */
/*
 * The program's tables of texts, made up. The linker puts __wrap_... where path_names.c asks for a
 * map and takes its entries.
 */
#ifndef MADE_UP_TEXTS_H
#define MADE_UP_TEXTS_H

#include "unit.h"

#include <string.h>

#include "map_read.h"
#include "path_names.h"

enum {
	SHORT_MAP = 1001,
	LONG_MAP,
	TABLE_MAX = 5000,
};

static struct {
	struct open_path_id id;
	struct open_text_short value;
} shorts[TABLE_MAX];
static struct {
	struct open_path_id id;
	struct open_text_long value;
} longs[4];
static size_t nshorts, nlongs;
static int broken; /* what taking from the second fails with */

int __wrap_loader_map(const struct loaded *loaded, const char *name, size_t key_size,
		      size_t value_size);
int __wrap_map_read_and_delete(int map, size_t key_size, size_t value_size,
			       int (*each)(const void *key, const void *value, void *context),
			       void *context, struct error *err);

int __wrap_loader_map(const struct loaded *loaded, const char *name, size_t key_size,
		      size_t value_size)
{
	assert_null(loaded);
	assert_int_equal(key_size, sizeof(struct open_path_id));
	if (strcmp(name, "texts_short") == 0) {
		assert_int_equal(value_size, sizeof(struct open_text_short));
		return SHORT_MAP;
	}
	assert_int_equal(value_size, sizeof(struct open_text_long));
	assert_string_equal(name, "texts_long");
	return LONG_MAP;
}

int __wrap_map_read_and_delete(int map, size_t key_size, size_t value_size,
			       int (*each)(const void *key, const void *value, void *context),
			       void *context, struct error *err)
{
	bool is_short = map == SHORT_MAP;
	int r = is_short ? 0 : broken;

	assert_int_equal(key_size, sizeof(struct open_path_id));
	assert_int_equal(value_size,
			 is_short ? sizeof(struct open_text_short) : sizeof(struct open_text_long));
	for (size_t i = 0; r == 0 && i < (is_short ? nshorts : nlongs); i++)
		r = is_short ? each(&shorts[i].id, &shorts[i].value, context)
			     : each(&longs[i].id, &longs[i].value, context);
	*(is_short ? &nshorts : &nlongs) = 0;
	return r < 0 ? error_set(err, r, "made up") : 0;
}

/* A path of the program's, with its directory from "bin,usr", or NULL. */
static void put(uint64_t id, const char *path, const char *names, unsigned marks)
{
	size_t size = strlen(path) + !(marks & OPEN_PATH_CUT),
	       dir_size = names && *names ? strlen(names) + 1 : 0;
	bool is_short = size + dir_size <= OPEN_TEXT_SHORT;
	struct open_text *text = is_short ? &shorts[nshorts].value.text : &longs[nlongs].value.text;
	char *bytes = (char *)(text + 1);

	assert_true(nshorts < COUNT(shorts) && nlongs < COUNT(longs));
	*text = (struct open_text){ (uint16_t)size, (uint16_t)dir_size,
				    (uint16_t)(marks | (names ? OPEN_HAS_DIR : 0)), 0 };
	memcpy(bytes, path, size);
	for (size_t i = 0; names && i < dir_size; i++)
		bytes[size + i] = names[i] == ',' ? '\0' : names[i];
	*(is_short ? &shorts[nshorts++].id : &longs[nlongs++].id) =
		(struct open_path_id){ { id, ~id } };
}

#endif
