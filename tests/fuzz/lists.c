/* SPDX-License-Identifier: MIT */
/*
 * Lists as values of options: keys, errnos, flags. What they define for the program is one line of
 * harmless text.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "errno_set.h"
#include "fuzz.h"
#include "group_by.h"
#include "kernel_defines.h"
#include "open_flags.h"

static void check_source(struct program_text *source, size_t lines)
{
	struct error err = ERROR_INIT;
	const char *text;
	size_t count = 0;

	HOLDS(program_text_whole(source, &text, &err) == 0 && is_safe(text, strlen(text), true));
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		count++;
	HOLDS(count <= lines);
}

static void check_by(const char *list, struct program_text *source)
{
	struct error err = ERROR_INIT;
	uint8_t key[BY_KEY_MAX];
	struct row_id id, kept;
	struct group_by by;

	if (group_by_parse(&by, list, (1 << BY_WORDS) - 1, &err) < 0) {
		HOLDS(err.code == -EINVAL && err.text[0]);
		return;
	}
	HOLDS(by.words && group_by_key_size(&by) <= BY_KEY_MAX && group_by_key_size(&by) % 4 == 0);
	group_by_define(&by, source);
	memset(key, 0xa5, sizeof(key));
	group_by_decode(&by, key, &id);
	kept = id;
	group_by_keep(&by, &kept);
	HOLDS(memcmp(&kept, &id, sizeof(id)) == 0);
}

static void check_errnos(const char *list, struct program_text *source)
{
	struct errno_set errnos = { .count = 0 };
	struct error err = ERROR_INIT;

	if (errno_set_add(&errnos, list, &err) < 0) {
		HOLDS(err.text[0]);
		return;
	}
	HOLDS(errnos.count && errnos.count <= ERRNO_SET_MAX);
	kernel_define_errnos(source, &errnos);
}

static void check_flags(const char *list)
{
	struct open_flags_filter filter = { .count = 0 };
	char text[OPEN_FLAGS_EXPRESSION_MAX];
	struct error err = ERROR_INIT;

	if (open_flags_parse(list, &filter, &err) < 0) {
		HOLDS(err.text[0]);
		return;
	}
	HOLDS(filter.count && filter.count <= OPEN_FLAGS_MAX);
	HOLDS(open_flags_expression(&filter, text, sizeof(text)) == (int)strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct error err = ERROR_INIT;
	char *list = input_text(&input, '\0');
	struct program_text *source;

	HOLDS(program_text_new_from(&source, "none", "", &err) == 0);
	check_by(list, source);
	check_errnos(list, source);
	check_flags(list);
	check_source(source, 32);
	program_text_free(source);
	free(list);
	return 0;
}
