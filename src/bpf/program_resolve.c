/* SPDX-License-Identifier: MIT */
/* The text of a program, reduced to what one run compiles. See program_resolve.h. */
#define _GNU_SOURCE
#include "program_resolve.h"

#include "program_resolve_passes.h"

/* The text after the first pass, and after the second. */
struct stages {
	struct c_text decided, folded;
	struct macros macros;
};

static int run_passes(struct stages *s, struct c_text *out, const struct resolve_request *request,
		      struct error *err)
{
	int r = resolve_conditions(&s->decided, &s->macros, request->text, request->places, err);

	c_text_add(&s->decided, "", 0);
	if (r == 0 && s->decided.failed)
		r = error_nomem(err);
	if (r == 0)
		r = resolve_branches(&s->folded, &s->macros, s->decided.bytes, request->places,
				     err);
	if (r == 0)
		r = resolve_unused(out, s->folded.bytes, request, err);
	if (r <= 0)
		return r;
	/* clang says best what is wrong with it. */
	c_text_free(out);
	*out = s->decided;
	s->decided = (struct c_text){ .len = 0 };
	return 0;
}

int program_resolve(char **resultp, const struct resolve_request *request, struct error *err)
{
	struct stages s = { .decided = { .len = 0 } };
	struct c_text out = { .len = 0 };
	int r = run_passes(&s, &out, request, err);

	macros_free(&s.macros);
	c_text_free(&s.decided);
	c_text_free(&s.folded);
	if (r == 0)
		*resultp = out.bytes;
	else
		c_text_free(&out);
	return r;
}
