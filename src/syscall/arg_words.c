/* SPDX-License-Identifier: MIT */
/* Numbers in words. See arg_words.h. */
#include "arg_words.h"

#include <inttypes.h>
#include <string.h>

#include "constants.h"

/* Names with bars between them. */
struct names {
	struct words *words;
	size_t count;
};

static void add_name(struct names *names, const char *name)
{
	words_add(names->words, "%s%s", names->count++ ? "|" : "", name);
}

void arg_words_signal(struct words *w, unsigned number)
{
	enum {
		FIRST = 32, /* real-time signal of the kernel; libc's SIGRTMIN is a later one */
		LAST = 64,
	};
	const char *name = constants_name(constants_find("signals"), number, UINT64_MAX);

	if (name)
		words_add(w, "%s", name);
	else if (number == FIRST)
		words_add(w, "SIGRTMIN");
	else if (number > FIRST && number <= LAST)
		words_add(w, "SIGRT_%u", number - FIRST);
	else
		words_add(w, "%#x", number);
}

static void add_unnamed(struct names *names, const struct constant_set *set, uint64_t value)
{
	if (names->count++)
		words_add(names->words, "|");
	if (strcmp(set->name, "signals") == 0 && value <= UINT32_MAX)
		arg_words_signal(names->words, (unsigned)value);
	else
		words_add(names->words, "%#" PRIx64, value);
}

/* A field that is 0 may have no name, and then says nothing. */
static void add_field(struct names *names, const struct arg_rule *rule, uint64_t value,
		      uint64_t mask)
{
	const struct constant_set *set = rule->field ? constants_find(rule->field) : NULL;
	const char *name = set ? constants_name(set, value & mask, mask) : NULL;

	if (name)
		add_name(names, name);
	else if (set && value & mask)
		add_unnamed(names, set, value & mask);
}

/* Return: the bits without a name. */
static uint64_t add_flags(struct names *names, const struct constant_set *set, uint64_t value)
{
	const char *found[CONSTANTS_SPLIT_MAX];
	size_t n;

	if (!set)
		return value;
	n = constants_split(set, value, found, CONSTANTS_SPLIT_MAX, &value);
	for (size_t i = 0; i < n; i++)
		add_name(names, found[i]);
	return value;
}

static void add_rest(struct names *names, const struct arg_rule *rule, uint64_t rest)
{
	const char *bar = names->count++ ? "|" : "";

	if (rule->octal)
		words_add(names->words, "%s%#03" PRIo64, bar, rest);
	else
		words_add(names->words, "%s%#" PRIx64, bar, rest);
}

static uint64_t all_bits(const struct constant_set *set)
{
	uint64_t bits = 0;

	for (size_t i = 0; set && i < set->count; i++)
		bits |= set->entries[i].value;
	return bits;
}

static uint64_t field_mask(const struct arg_rule *rule, const struct constant_set *flags)
{
	if (!rule->field)
		return 0;
	return rule->mask ? rule->mask : ~all_bits(flags);
}

static void add_by_names(struct words *w, const struct arg_rule *rule, uint64_t value,
			 uint64_t width)
{
	const struct constant_set *flags = rule->flags ? constants_find(rule->flags) : NULL;
	const char *nothing = flags ? constants_name(flags, 0, UINT64_MAX) : NULL;
	uint64_t mask = field_mask(rule, flags) & width, rest;
	struct names names = { w, 0 };

	if (!rule->last)
		add_field(&names, rule, value, mask);
	rest = add_flags(&names, flags, value & ~mask);
	if (rule->last)
		add_field(&names, rule, value, mask);
	if (!rest && !names.count && nothing)
		add_name(&names, nothing);
	else if (rest || !names.count || rule->octal)
		add_rest(&names, rule, rest);
}

void arg_words_address(struct words *w, uint64_t address)
{
	if (address)
		words_add(w, "0x%" PRIx64, address);
	else
		words_add(w, "NULL");
}

void arg_words(struct words *w, const struct arg_rule *rule, uint64_t value, unsigned bytes)
{
	unsigned rest = 64 - 8 * bytes;
	uint64_t width = UINT64_MAX >> rest;

	value &= width;
	if (rule->show == SHOW_WORDS)
		add_by_names(w, rule, value, width);
	else if (rule->show == SHOW_NUMBER || (rule->show == SHOW_ID && value == width))
		words_add(w, "%" PRId64, (int64_t)(value << rest) >> rest);
	else if (rule->show == SHOW_ID)
		words_add(w, "%" PRIu64, value);
	else if (rule->show == SHOW_HEX)
		words_add(w, "%#" PRIx64, value);
	else if (rule->show == SHOW_OCTAL)
		words_add(w, "%#03" PRIo64, value);
	else
		arg_words_address(w, value);
}
