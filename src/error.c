/* SPDX-License-Identifier: MIT */
/* What went wrong, in words for the person at the keyboard. See error.h. */
#define _GNU_SOURCE
#include "error.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int error_set(struct error *e, int code, const char *fmt, ...)
{
	va_list ap;

	error_clear(e);
	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return code;
}

int error_hint(struct error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
	return e->code;
}

void error_detail(struct error *e, const char *text, size_t len)
{
	free(e->detail);
	e->detail = NULL;
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (len)
		e->detail = strndup(text, len);
}

int error_nomem(struct error *e)
{
	return error_set(e, -ENOMEM, "out of memory");
}

static const char *find_name(int number)
{
	/* Of the kernel's own, which a program never sees but a tracer does. */
	static const struct {
		int number;
		const char *name;
	} internal[] = {
		{ 512, "ERESTARTSYS" },	  { 513, "ERESTARTNOINTR" },
		{ 514, "ERESTARTNOHAND" }, { 515, "ENOIOCTLCMD" },
		{ 516, "ERESTART_RESTARTBLOCK" }, { 517, "EPROBE_DEFER" },
		{ 524, "ENOTSUPP" },	  { 529, "EIOCBQUEUED" },
	};
	const char *name = strerrorname_np(number);

	for (size_t i = 0; !name && i < sizeof(internal) / sizeof(internal[0]); i++)
		if (internal[i].number == number)
			name = internal[i].name;
	return name;
}

const char *error_name(int err)
{
	const char *name = find_name(err < 0 ? -err : err);

	return name ? name : "E?";
}

bool error_is_named(int err)
{
	return find_name(err < 0 ? -err : err) != NULL;
}

void error_print(const struct error *e, const char *program, FILE *out)
{
	if (!e->detail) {
		fprintf(out, "%s: %s%s%s\n", program, e->text, e->hint[0] ? "; " : "", e->hint);
		return;
	}
	fprintf(out, "%s: %s\n%s\n", program, e->text, e->detail);
	if (e->hint[0])
		fprintf(out, "%s: %s\n", program, e->hint);
}

void error_clear(struct error *e)
{
	free(e->detail);
	memset(e, 0, sizeof(*e));
}
