/* SPDX-License-Identifier: MIT */
/* `if` statements that macros decide. See program_resolve.h. */
#define _GNU_SOURCE
#include <string.h>

#include "program_resolve_passes.h"

int resolve_branches(struct c_text *out, const struct macros *macros, const char *text, bool places,
		     struct error *err)
{
	(void)macros;
	(void)places;
	c_text_add(out, text, strlen(text));
	return out->failed ? error_nomem(err) : 0;
}
