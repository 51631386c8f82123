/* SPDX-License-Identifier: MIT */
/* A failure in words. See error.h. */
#define _GNU_SOURCE
#include "error.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"

/* Cut the middle: user input makes texts long, and the reason comes last. */
static void set_text(struct error *e, const char *text, size_t len)
{
	const size_t half = (sizeof(e->text) - sizeof("...")) / 2;

	if (len < sizeof(e->text))
		memcpy(e->text, text, len + 1);
	else
		snprintf(e->text, sizeof(e->text), "%.*s...%s", (int)half, text, text + len - half);
}

int error_set(struct error *e, int code, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	error_clear(e);
	e->code = code;
	if (len >= 0) {
		set_text(e, text, (size_t)len);
		return code;
	}
	/* No memory for vasprintf(); the text may be saying just that. */
	text = NULL;
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

void error_detail_end(struct error *e, const char *text, unsigned lines)
{
	size_t end = strlen(text), start;

	while (end && isspace((unsigned char)text[end - 1]))
		end--;
	for (start = end; start && lines; start--)
		if (text[start - 1] == '\n' && --lines == 0)
			break;
	error_detail(e, text + start, end - start);
}

int error_nomem(struct error *e)
{
	return error_set(e, -ENOMEM, "out of memory");
}

/* In unsigned arithmetic, because -INT_MIN does not exist. */
static int positive(int err)
{
	return err < 0 ? (int)(0 - (unsigned)err) : err;
}

static const char *find_name(int number)
{
	/* Errnos inside the kernel: a program never sees them, a tracer does. */
	static const struct {
		int number;
		const char *name;
	} internal[] = {
		{ 512, "ERESTARTSYS" }, { 513, "ERESTARTNOINTR" },        { 514, "ERESTARTNOHAND" },
		{ 515, "ENOIOCTLCMD" }, { 516, "ERESTART_RESTARTBLOCK" }, { 517, "EPROBE_DEFER" },
		{ 524, "ENOTSUPP" },    { 529, "EIOCBQUEUED" },
	};
	const char *name = strerrorname_np(number);

	for (size_t i = 0; !name && i < sizeof(internal) / sizeof(internal[0]); i++)
		if (internal[i].number == number)
			name = internal[i].name;
	return name;
}

const char *error_name(int err)
{
	const char *name = find_name(positive(err));

	return name ? name : "E?";
}

/* The C library's words begin like a sentence. Those that begin like "RPC" stay as they are. */
static void begin_small(char *text)
{
	if (isupper((unsigned char)text[0]) && !isupper((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
}

struct error_phrase error_words_of(int err)
{
	const char *words = strerrordesc_np(positive(err));
	struct error_phrase phrase;

	if (words)
		snprintf(phrase.text, sizeof(phrase.text), "%s (%s)", words, error_name(err));
	else
		snprintf(phrase.text, sizeof(phrase.text), "%s", error_name(err));
	if (words)
		begin_small(phrase.text);
	return phrase;
}

bool error_is_named(int err)
{
	return find_name(positive(err)) != NULL;
}

void error_print(const struct error *e, const char *program, FILE *out)
{
	fprintf(out, "%s: ", program);
	escape_print(out, e->text);
	if (e->detail)
		fprintf(out, "\n%s\n", e->detail);
	if (e->hint[0] && e->detail)
		fprintf(out, "%s: ", program);
	else if (e->hint[0])
		fputs("; ", out);
	escape_print(out, e->hint);
	if (e->hint[0] || !e->detail)
		fputc('\n', out);
}

void error_clear(struct error *e)
{
	free(e->detail);
	memset(e, 0, sizeof(*e));
}
