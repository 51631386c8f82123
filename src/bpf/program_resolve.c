/* SPDX-License-Identifier: MIT */
/* The text of a program, reduced to what one run compiles. See program_resolve.h. */
#define _GNU_SOURCE
#include "program_resolve.h"

#include "program_resolve_passes.h"

/* The text after the first pass, and after the second. */
struct stages {
	struct buffer decided, folded;
	struct macros macros;
};

static int run_passes(struct stages *s, struct buffer *out, const struct resolve_request *request,
		      struct error *err)
{
	int r = resolve_conditions(&s->decided, &s->macros, request->text, request->places, err);

	buffer_char(&s->decided, '\0');
	if (r == 0 && s->decided.err)
		r = error_nomem(err);
	if (r == 0)
		r = resolve_branches(&s->folded, &s->macros, s->decided.data, request->places, err);
	if (r == 0)
		r = resolve_unused(out, s->folded.data, request, err);
	if (r <= 0)
		return r;
	/* clang says best what is wrong with it. */
	buffer_free(out);
	*out = s->decided;
	s->decided = (struct buffer){ .len = 0 };
	return 0;
}

int program_resolve(char **resultp, const struct resolve_request *request, struct error *err)
{
	struct stages s = { .decided = { .len = 0 } };
	struct buffer out = { .len = 0 };
	int r = run_passes(&s, &out, request, err);

	macros_free(&s.macros);
	buffer_free(&s.decided);
	buffer_free(&s.folded);
	if (r == 0)
		*resultp = out.data;
	else
		buffer_free(&out);
	return r;
}
