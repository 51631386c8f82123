/* SPDX-License-Identifier: MIT */
/* What was asked for instead of a run. See answers.h. */
#include "answers.h"

#include <stdio.h>

#include "blob_cache.h"
#include "check.h"
#include "cleanup.h"
#include "explain.h"
#include "memstream.h"
#include "version.h"

static void clear_cache(FILE *out)
{
	cleanup_close int dir = blob_cache_open();

	if (dir < 0)
		fprintf(out, "there is no cache for this user\n");
	else
		fprintf(out, "removed %u compiled programs\n", blob_cache_clear(dir));
}

static int print_answer(struct session *s, FILE *out, int *status, struct error *err)
{
	if (s->options.help)
		options_help(s->tool, s->options.help_all, out);
	else if (s->options.version)
		fprintf(out, "%s %s\n", s->tool->name, TOOLS_VERSION);
	else if (s->options.clear_cache)
		clear_cache(out);
	else if (s->options.check)
		*status = check_print(s, out);
	else if (s->options.explain)
		return explain_print(s, out, err);
	else
		return session_print_program(s, out, err);
	return 0;
}

/* Into memory first: when the stream itself runs full in between, its errno is gone by the time
 * somebody asks. */
int answers_print(struct session *s, int *status, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	int r;
	FILE *out = memstream_open(&text, &len);

	if (!out)
		return error_nomem(err);
	r = print_answer(s, out, status, err);
	if (fclose(out) != 0 && r == 0)
		r = error_nomem(err);
	return r == 0 ? session_write(text, len, err) : r;
}
