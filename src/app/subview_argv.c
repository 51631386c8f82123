/* SPDX-License-Identifier: MIT */
/* From a request to the command line of the view that it asks for. See subview.h. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "options.h"
#include "subview.h"
#include "tool.h"

/* Options of the run that a view does not have: it has its own, or ends with the run. */
static const char *const dropped[] = { "by", "sort", "duration", "verbose", "quiet", "stats" };

void words_free(struct words *words)
{
	for (int i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct words){ 0 };
}

/* @word: becomes theirs. NULL: there was no memory for it. */
static int add_word(struct words *words, char *word)
{
	char **more = words->list;

	if (word && words->count + 2 > words->capacity) {
		words->capacity += 32;
		more = reallocarray(words->list, (size_t)words->capacity, sizeof(*more));
	}
	if (!word || !more) {
		free(word);
		return -ENOMEM;
	}
	words->list = more;
	words->list[words->count++] = word;
	words->list[words->count] = NULL;
	return 0;
}

static int add_option(struct words *words, const char *name, const char *value)
{
	char *word = NULL;

	if (value ? asprintf(&word, "--%s=%s", name, value) < 0 : asprintf(&word, "--%s", name) < 0)
		return -ENOMEM;
	return add_word(words, word);
}

/* What is kept of the run's own command line. */
struct keeping {
	const struct tool *tool;
	const struct subview_request *request;
	struct words *words;
};

static bool is_replaced(const struct keeping *k, const char *name)
{
	for (size_t i = 0; i < array_size(dropped); i++)
		if (strcmp(dropped[i], name) == 0)
			return true;
	for (uint32_t i = 0; i < k->request->nfilters; i++) {
		const struct subview_filter *f =
			&k->tool->subviews->filters[k->request->filters[i].which];

		if (strcmp(f->option, name) == 0)
			return true;
		for (size_t j = 0; j < array_size(f->replaces) && f->replaces[j]; j++)
			if (strcmp(f->replaces[j], name) == 0)
				return true;
	}
	return false;
}

static int keep_option(void *context, const struct option_entry *entry, const char *value,
		       struct error *err)
{
	const struct keeping *k = context;

	(void)err;
	return is_replaced(k, entry->name) ? 0 : add_option(k->words, entry->name, value);
}

static bool is_name(const char *value)
{
	for (const char *c = value; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != ':')
			return false;
	return *value;
}

static bool is_allowed(enum subview_value kind, const char *value)
{
	switch (kind) {
	case SUBVIEW_NUMBER:
		return *value && strspn(value, "0123456789") == strlen(value);
	case SUBVIEW_NAME:
		return is_name(value);
	case SUBVIEW_PATH:
		return *value == '/' && !strstr(value, "/..");
	default:
		return *value;
	}
}

/* Each byte that means something in a pattern stands for itself behind a backslash. */
static char *quoted_glob(const char *text)
{
	char *quoted = malloc(2 * strlen(text) + 1), *to = quoted;

	for (const char *c = text; quoted && *c; c++) {
		if (strchr("*?[]\\!", *c))
			*to++ = '\\';
		*to++ = *c;
	}
	if (quoted)
		*to = '\0';
	return quoted;
}

static int add_filter(struct words *words, const struct subview_filter *filter, const char *value)
{
	cleanup_free char *quoted = NULL;

	if (filter->kind == SUBVIEW_GLOB) {
		quoted = quoted_glob(value);
		return quoted ? add_option(words, filter->option, quoted) : -ENOMEM;
	}
	/* A report names a cgroup from the root of cgroup v2 on, and so does an option that does
	   not begin with a slash. */
	if (filter->kind == SUBVIEW_PATH)
		value = value[1] ? value + 1 : ".";
	return add_option(words, filter->option, value);
}

static size_t count_filters(const struct tool_subviews *views)
{
	size_t count = 0;

	while (count < SUBVIEW_FILTERS_MAX && views->filters[count].column)
		count++;
	return count;
}

static size_t count_bys(const struct tool_subviews *views)
{
	size_t count = 0;

	while (count < SUBVIEW_BYS_MAX && views->bys[count].words)
		count++;
	return count;
}

/* The process that asks may be somebody else's by now. */
static bool is_request(const struct tool *tool, const struct subview_request *request)
{
	const struct tool_subviews *views = tool->subviews;

	if (request->nown > OWN_TASKS_MAX || !memchr(request->title, '\0', SUBVIEW_TITLE_MAX))
		return false;
	if (!views || request->by >= count_bys(views) || request->nfilters > SUBVIEW_FILTERS_MAX)
		return false;
	for (uint32_t i = 0; i < request->nfilters; i++) {
		uint32_t which = request->filters[i].which;
		const char *value = request->filters[i].value;

		if (which >= count_filters(views) || !memchr(value, '\0', SUBVIEW_VALUE_MAX) ||
		    !is_allowed(views->filters[which].kind, value))
			return false;
	}
	return true;
}

int subview_argv(const struct tool *tool, int argc, char *const *argv,
		 const struct subview_request *request, struct words *words)
{
	struct keeping keeping = { tool, request, words };
	struct error err = ERROR_INIT;
	bool dashes;
	int r;

	if (!is_request(tool, request))
		return -EPERM;
	r = add_word(words, strdup(tool->name));
	if (r == 0)
		r = options_scan(tool, argc, argv, keep_option, &keeping, &dashes, &err);
	error_clear(&err);
	for (uint32_t i = 0; r == 0 && i < request->nfilters; i++)
		r = add_filter(words, &tool->subviews->filters[request->filters[i].which],
			       request->filters[i].value);
	if (r == 0)
		r = add_option(words, "quiet", NULL);
	return r == 0 ? add_option(words, "by", tool->subviews->bys[request->by].words) : r;
}
