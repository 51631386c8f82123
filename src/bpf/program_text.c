/* SPDX-License-Identifier: MIT */
/* The C text of one BPF program. See program_text.h. */
#define _GNU_SOURCE
#include "program_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "cleanup.h"
#include "embedded.h"
#include "kernel_layout.h"
#include "memstream.h"
#include "program_resolve.h"

enum {
	INCLUDES_MAX = 64,
	FUNCTIONS_MAX = 64,
	TEXT_NAME_MAX = 256,
};

#define FOLDER "programs/"

/* The forms of a text; each is made when it is first asked for. */
enum form { WHOLE, RESOLVED, WITH_PLACES, FORMS };

struct program_text {
	const char *program;
	const char *program_text;
	char name[TEXT_NAME_MAX];
	char *defines;
	size_t defines_len;
	FILE *defines_out;
	bool failed;
	char *texts[FORMS];
	size_t texts_of; /* how many bytes of defines they were made with: there are never fewer */
	const char *functions[FUNCTIONS_MAX + 1];
	size_t nfunctions;
	struct parameters parameters;
	struct kernel_layout layout;
};

const char *embedded_find(const char *path)
{
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f->text;
	return NULL;
}

int program_text_new(struct program_text **sourcep, const char *program, struct error *err)
{
	const char *text = embedded_find(program);

	if (!text)
		return error_set(err, -ENOENT, "program '%s' is not part of this build", program);
	return program_text_new_from(sourcep, program, text, err);
}

int program_text_new_from(struct program_text **sourcep, const char *program, const char *text,
			  struct error *err)
{
	struct program_text *s = calloc(1, sizeof(*s));

	if (!s)
		return error_nomem(err);
	s->program = program;
	s->program_text = text;
	s->defines_out = memstream_open(&s->defines, &s->defines_len);
	if (!s->defines_out) {
		free(s);
		return error_nomem(err);
	}
	snprintf(s->name, sizeof(s->name), FOLDER "%s", program);
	*sourcep = s;
	return 0;
}

/* A #line directive takes no quotes and the like. */
static bool is_plain(const char *path)
{
	for (; *path; path++)
		if (*path <= ' ' || *path > '~' || *path == '"' || *path == '\\')
			return false;
	return true;
}

int program_text_new_given(struct program_text **sourcep, const char *path, const char *text,
			   struct error *err)
{
	int r = program_text_new_from(sourcep, path, text, err);

	if (r == 0)
		snprintf((*sourcep)->name, sizeof((*sourcep)->name), "%s",
			 is_plain(path) ? path : "the given program");
	return r;
}

static void forget_texts(struct program_text *s)
{
	for (size_t i = 0; i < FORMS; i++) {
		free(s->texts[i]);
		s->texts[i] = NULL;
	}
}

void program_text_free(struct program_text *s)
{
	if (!s)
		return;
	fclose(s->defines_out);
	free(s->defines);
	forget_texts(s);
	free(s);
}

void program_text_define(struct program_text *s, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(s->defines_out, "#define %s ", name);
	vfprintf(s->defines_out, fmt, ap);
	fputc('\n', s->defines_out);
	va_end(ap);
}

void program_text_member(struct program_text *s, const struct kernel_layout_member *member)
{
	if (kernel_layout_add(&s->layout, member) < 0)
		s->failed = true;
	forget_texts(s);
}

void program_text_fail(struct program_text *s)
{
	s->failed = true;
}

int program_text_parameter(struct program_text *s, uint64_t value)
{
	if (s->parameters.count == PARAMETERS_MAX)
		return -E2BIG;
	if (!s->parameters.count)
		program_text_define(s, "PARAMETER_MARK", "0x%llxull", PARAMETER_MARK);
	s->parameters.values[s->parameters.count] = value;
	return (int)s->parameters.count++;
}

void program_text_set_parameter(struct program_text *s, int number, uint64_t value)
{
	s->parameters.values[number] = value;
}

const struct parameters *program_text_parameters(const struct program_text *s)
{
	return &s->parameters;
}

void program_text_comment(struct program_text *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("/* ", s->defines_out);
	vfprintf(s->defines_out, fmt, ap);
	fputs(" */\n", s->defines_out);
	va_end(ap);
}

void program_text_function(struct program_text *s, const char *function)
{
	/* Without the first of them all functions stay, so one too many must not be forgotten. */
	if (s->nfunctions == FUNCTIONS_MAX)
		s->failed = true;
	else
		s->functions[s->nfunctions++] = function;
	forget_texts(s);
}

const char *program_text_name(const struct program_text *s)
{
	return s->name;
}

/* The files folded in so far; each is folded in once, so headers need no second look. */
struct folded {
	const char *paths[INCLUDES_MAX];
	size_t count;
};

static bool folded_add(struct folded *seen, const char *path)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->paths[i], path) == 0)
			return false;
	if (seen->count < INCLUDES_MAX)
		seen->paths[seen->count++] = path;
	return true;
}

/* The embedded path of `#include "path"`, or NULL when the line is none of ours. */
static const char *included_path(const char *line, const char *end)
{
	static const char directive[] = "#include \"";
	const size_t skip = sizeof(directive) - 1;
	size_t len;

	if (strncmp(line, directive, skip) != 0)
		return NULL;
	line += skip;
	len = strcspn(line, "\"\n");
	if (line + len >= end || line[len] != '"')
		return NULL;
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strlen(f->path) == len && strncmp(f->path, line, len) == 0)
			return f->path;
	return "";
}

static void add_place(struct buffer *out, unsigned line, const char *name)
{
	buffer_string(out, "#line ");
	buffer_number(out, line);
	buffer_string(out, " \"");
	buffer_add(out, name, strlen(name));
	buffer_string(out, "\"\n");
}

/*
 * Copy a file, its own includes in their place. The #line directives say which file of programs/ a
 * line comes from. @name: of the file, with its folder; @text: its text
 */
static int fold(struct buffer *out, const char *name, const char *text, struct folded *seen,
		struct error *err)
{
	const char *written = text, *end;
	unsigned number = 1;

	add_place(out, 1, name);
	for (const char *line = text; *line; line = end, number++) {
		char inner_name[TEXT_NAME_MAX];
		const char *inner;
		int r;

		end = strchrnul(line, '\n');
		inner = *line == '#' ? included_path(line, end) : NULL;
		end += *end == '\n';
		if (!inner)
			continue;
		if (!inner[0])
			return error_set(err, -ENOENT,
					 "%s:%u includes a file that is not part of this build",
					 name, number);
		buffer_add(out, written, (size_t)(line - written));
		written = end;
		if (!folded_add(seen, inner)) {
			buffer_char(out, '\n');
			continue;
		}
		snprintf(inner_name, sizeof(inner_name), FOLDER "%s", inner);
		r = fold(out, inner_name, embedded_find(inner), seen, err);
		if (r < 0)
			return r;
		add_place(out, number + 1, name);
	}
	buffer_add(out, written, strlen(written));
	if (out->len && out->data[out->len - 1] != '\n')
		buffer_char(out, '\n');
	return 0;
}

static int make_whole(struct program_text *s, struct error *err)
{
	cleanup_free char *structures = kernel_layout_text(&s->layout);
	struct folded seen = { .count = 0 };
	struct buffer out = { .len = 0 };
	int r;

	if (!structures)
		return error_nomem(err);
	buffer_add(&out, s->defines, s->defines_len);
	buffer_add(&out, structures, strlen(structures));
	folded_add(&seen, s->program);
	r = fold(&out, s->name, s->program_text, &seen, err);
	buffer_char(&out, '\0');
	if (r == 0 && out.err)
		r = error_nomem(err);
	if (r == 0)
		s->texts[WHOLE] = out.data;
	else
		buffer_free(&out);
	return r;
}

static int make_resolved(struct program_text *s, enum form form, struct error *err)
{
	struct resolve_request request = {
		.text = s->texts[WHOLE],
		.functions = s->nfunctions ? s->functions : NULL,
		.places = form == WITH_PLACES,
	};

	return program_resolve(&s->texts[form], &request, err);
}

static int text_in_form(struct program_text *s, enum form form, const char **textp,
			struct error *err)
{
	int r = 0;

	if (fflush(s->defines_out) != 0 || ferror(s->defines_out) || s->failed)
		return error_nomem(err);
	if (s->texts_of != s->defines_len)
		forget_texts(s);
	s->texts_of = s->defines_len;
	if (!s->texts[WHOLE])
		r = make_whole(s, err);
	if (r == 0 && !s->texts[form])
		r = make_resolved(s, form, err);
	if (r == 0)
		*textp = s->texts[form];
	return r;
}

int program_text_resolved(struct program_text *s, const char **textp, struct error *err)
{
	return text_in_form(s, RESOLVED, textp, err);
}

int program_text_with_places(struct program_text *s, const char **textp, struct error *err)
{
	return text_in_form(s, WITH_PLACES, textp, err);
}

int program_text_whole(struct program_text *s, const char **textp, struct error *err)
{
	return text_in_form(s, WHOLE, textp, err);
}
