/* SPDX-License-Identifier: MIT */
/*
 * Messages of the verifier or of clang: the last lines are kept and printed whole. The first byte
 * says how many.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "fuzz.h"

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	return lines;
}

static bool has_no_control(const char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' ? *line != '\n' : *line == 0x7f)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	unsigned lines = (unsigned)input_number(&input, 1) % 8 + 1;
	char *log = input_text(&input, '\0'), *printed = NULL;
	struct error err = ERROR_INIT;
	size_t len;
	FILE *out = open_memstream(&printed, &len);

	HOLDS(out);
	error_set(&err, -EACCES, "the kernel refuses '%s': %s", log, error_name(-EACCES));
	error_hint(&err, "%s", log);
	error_detail_end(&err, log, lines);
	HOLDS(strlen(err.text) < sizeof(err.text) && strlen(err.hint) < sizeof(err.hint));
	if (err.detail) {
		HOLDS(*err.detail && lines_of(err.detail) < lines && strstr(log, err.detail));
	}
	error_print(&err, "fuzz", out);
	fclose(out);
	/*
	 * The detail is clang's or the verifier's text. The rest is escaped, so that it stays on
	 * its line.
	 */
	HOLDS(strncmp(printed, "fuzz: ", strlen("fuzz: ")) == 0 && printed[len - 1] == '\n');
	HOLDS(!err.detail || strstr(printed, err.detail));
	HOLDS(err.detail || (lines_of(printed) == 1 && has_no_control(printed)));
	free(printed);
	free(log);
	error_clear(&err);
	return 0;
}
