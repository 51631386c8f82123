/* SPDX-License-Identifier: MIT */
/* A set of errnos. See errno_set.h. */
#define _GNU_SOURCE
#include "errno_set.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "number.h"

enum {
	MAX_ERRNO = 4095, /* the kernel returns -1 to -4095 for errors */
};

static const struct {
	const char *name;
	int number;
} synonyms[] = {
	{ "EWOULDBLOCK", EWOULDBLOCK },
	{ "ENOTSUP", ENOTSUP },
	{ "EDEADLOCK", EDEADLOCK },
};

const char *errno_set_word(size_t index, int *numberp)
{
	for (*numberp = 1; *numberp <= MAX_ERRNO; ++*numberp)
		if (error_is_named(*numberp) && index-- == 0)
			return error_name(*numberp);
	if (index >= array_size(synonyms))
		return NULL;
	*numberp = synonyms[index].number;
	return synonyms[index].name;
}

/* Return: 0 when no errno has that name. */
static uint64_t errno_of(const char *name)
{
	for (size_t i = 0; i < array_size(synonyms); i++)
		if (strcasecmp(name, synonyms[i].name) == 0)
			return (uint64_t)synonyms[i].number;
	for (int number = 1; number <= MAX_ERRNO; number++)
		if (error_is_named(number) && strcasecmp(name, error_name(number)) == 0)
			return (uint64_t)number;
	return 0;
}

static int add_one(struct errno_set *errnos, const char *word, struct error *err)
{
	uint64_t number;

	if (number_u64(word, strlen(word), 1, MAX_ERRNO, &number) < 0)
		number = errno_of(word);
	if (!number)
		return error_set(err, -EINVAL,
				 "'%s' is not an errno (a name such as ENOENT, or 1 to %d)", word,
				 MAX_ERRNO);
	for (size_t i = 0; i < errnos->count; i++)
		if (errnos->numbers[i] == number)
			return 0;
	if (errnos->count == ERRNO_SET_MAX)
		return error_set(err, -EINVAL, "more than %d errnos", ERRNO_SET_MAX);
	errnos->numbers[errnos->count++] = (uint16_t)number;
	return 0;
}

int errno_set_add(struct errno_set *errnos, const char *list, struct error *err)
{
	cleanup_free char *copy = strdup(list);
	char *rest = copy, *word;
	int r = copy ? 0 : error_nomem(err);

	while (r == 0 && (word = strsep(&rest, ",")))
		r = add_one(errnos, word, err);
	return r;
}

const char *errno_set_expression(const struct errno_set *errnos, char *buf)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < errnos->count; i++)
		len += (size_t)snprintf(buf + len, ERRNO_SET_EXPRESSION_MAX - len, "%s(e) == %u",
					i ? " || " : "(", errnos->numbers[i]);
	if (errnos->count)
		snprintf(buf + len, ERRNO_SET_EXPRESSION_MAX - len, ")");
	return buf;
}

const char *errno_text(uint16_t number, char buf[ERRNO_TEXT_MAX])
{
	if (error_is_named(number))
		return error_name(number);
	snprintf(buf, ERRNO_TEXT_MAX, "%u", number);
	return buf;
}
