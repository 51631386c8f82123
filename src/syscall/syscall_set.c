/* SPDX-License-Identifier: MIT */
/* Sets of system calls, written as a list. See syscall_set.h. */
#include "syscall_set.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "glob.h"
#include "number.h"
#include "suggest.h"
#include "syscall_classes.h"
#include "syscall_names.h"
#include "syscall_successor.h"

/* --- the names of all calls --- */

/* By slot, without prefix; NULL: no name. Read once: libseccomp needs 1 ms to search for all. */
struct call_names {
	char *of[SYSCALL_SLOTS];
};

static void free_call_names(struct call_names **names)
{
	for (size_t slot = 0; *names && slot < SYSCALL_SLOTS; slot++)
		free((*names)->of[slot]);
	free(*names);
}

#define cleanup_call_names __attribute__((cleanup(free_call_names)))

static struct call_names *read_call_names(void)
{
	struct call_names *names = calloc(1, sizeof(*names));

	for (int abi = 0; names && abi < SYSCALL_ABIS; abi++)
		for (int number = 0; number < SYSCALL_OTHER; number++)
			names->of[abi * ABI_CALLS + number] =
				syscall_name((enum syscall_abi)abi, number);
	return names;
}

/* --- items --- */

enum item_kind {
	ITEM_NAME,
	ITEM_GLOB,
	ITEM_NUMBER,
	ITEM_CLASS,
	ITEM_ALL,
};

/**
 * struct item - one item of a list
 * @text:    as the user typed it
 * @what:    the same without '!' and prefix
 * @removes: it began with '!'
 * @abi:     the ABI of the prefix; -1: every ABI
 * @kind:    what the item is; ITEM_NAME uses @what, the other kinds the members below
 */
struct item {
	const char *text;
	const char *what;
	bool removes;
	int abi;
	enum item_kind kind;
	struct glob glob;
	uint64_t number;
	unsigned classes;
};

static int parse_prefix(struct item *item, struct error *err)
{
	const char *colon = strchr(item->what, ':');
	size_t len = colon ? (size_t)(colon - item->what) + 1 : 0;
	char known[SYSCALL_NAME_MAX] = "";

	item->abi = -1;
	if (!colon)
		return 0;
	for (int abi = ABI_NATIVE + 1; abi < SYSCALL_ABIS; abi++) {
		const char *prefix = syscall_prefix((enum syscall_abi)abi);
		size_t used = strlen(known);

		if (strlen(prefix) == len && strncmp(item->what, prefix, len) == 0) {
			item->what += len;
			item->abi = abi;
			return 0;
		}
		snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "", prefix);
	}
	return error_set(err, -EINVAL, "'%s' begins with no prefix of an ABI (%s)", item->text,
			 known);
}

static int parse_class(struct item *item, struct error *err)
{
	char known[256] = "";
	size_t used = 0;

	item->kind = strcmp(item->what, "%all") == 0 ? ITEM_ALL : ITEM_CLASS;
	item->classes = syscall_class_bit(item->what + 1);
	if (item->classes || item->kind == ITEM_ALL)
		return 0;
	for (unsigned bit = 1; bit < SYSCALL_CLASS_END && used < sizeof(known); bit <<= 1)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%%%s, ",
					 syscall_class_name(bit));
	return error_set(err, -EINVAL, "'%s' is not a class of system calls (%s%%all)", item->text,
			 known);
}

static int parse_glob(struct item *item, struct error *err)
{
	int r = glob_parse(&item->glob, item->what);

	item->kind = item->what[strspn(item->what, "*")] ? ITEM_GLOB : ITEM_ALL;
	if (r < 0)
		return error_set(err, -EINVAL, "'%s' is not a glob%s", item->text,
				 r == -ERANGE ? ": it is longer than any system call's name"
					      : ": a [ is not closed");
	return 0;
}

/* Without a prefix it is a native call: the same number is another call in each ABI. */
static int parse_number(struct item *item, struct error *err)
{
	item->kind = ITEM_NUMBER;
	if (item->abi < 0)
		item->abi = ABI_NATIVE;
	if (number_u64(item->what, strlen(item->what), 0, SYSCALL_OTHER - 1, &item->number) < 0)
		return error_set(err, -EINVAL,
				 "'%s' is outside the numbers of system calls, 0 to %d", item->text,
				 SYSCALL_OTHER - 1);
	return 0;
}

static int parse_item(struct item *item, const char *text, struct error *err)
{
	int r;

	*item = (struct item){ .text = text,
			       .what = text + (*text == '!'),
			       .removes = *text == '!' };
	r = parse_prefix(item, err);
	if (r < 0)
		return r;
	if (*item->what == '%')
		return parse_class(item, err);
	if (strpbrk(item->what, "*?["))
		return parse_glob(item, err);
	if (*item->what && !item->what[strspn(item->what, "0123456789")])
		return parse_number(item, err);
	item->kind = ITEM_NAME;
	return 0;
}

/* --- which slots an item means --- */

static void set_put(struct syscall_set *set, size_t slot, bool in)
{
	uint64_t bit = 1ULL << (slot % 64);

	if (in)
		set->bits[slot / 64] |= bit;
	else
		set->bits[slot / 64] &= ~bit;
}

static bool item_means(const struct item *item, const struct call_names *names, size_t slot)
{
	const char *name = slot % ABI_CALLS == SYSCALL_OTHER ? "unknown" : names->of[slot];

	if (item->abi >= 0 && slot / ABI_CALLS != (size_t)item->abi)
		return false;
	switch (item->kind) {
	case ITEM_ALL:
		return true;
	case ITEM_NUMBER:
		return slot % ABI_CALLS == item->number;
	case ITEM_CLASS:
		return name && syscall_classes(name) & item->classes;
	case ITEM_GLOB:
		return name && glob_matches(&item->glob, name, strlen(name));
	default:
		return name && strcmp(name, item->what) == 0;
	}
}

/* Refuse a name, and suggest similar ones, or the class if only the % is missing. */
static int unknown_name(const struct item *item, const struct call_names *names, struct error *err)
{
	const char *prefix = item->abi < 0 ? "" : syscall_prefix((enum syscall_abi)item->abi);
	struct suggest suggest = { .typed = item->what };
	char text[256];

	if (syscall_class_bit(item->what) || strcmp(item->what, "all") == 0)
		return error_set(err, -EINVAL, "'%s' is not a system call (did you mean %s%%%s?)",
				 item->text, prefix, item->what);
	for (size_t slot = 0; slot < SYSCALL_SLOTS; slot++)
		if (names->of[slot] && (item->abi < 0 || slot / ABI_CALLS == (size_t)item->abi))
			suggest_consider(&suggest, names->of[slot]);
	suggest_text(&suggest, prefix, text, sizeof(text));
	return error_set(err, -EINVAL, "'%s' is not a system call%s", item->text, text);
}

/* A name that only 32-bit programs call by, where others have a newer call. */
static int refuse_old_name(const struct item *item, struct error *err)
{
	const char *successor = NULL;

	if (item->kind == ITEM_NAME && item->abi < 0 && !item->removes)
		successor = syscall_successor(item->what);
	if (!successor)
		return 0;
	return error_set(err, -EINVAL, "'%s' is not a system call of %s, which has %s", item->text,
			 arch_facts.name, successor);
}

static int apply_item(struct syscall_set *set, const struct item *item,
		      const struct call_names *names, struct error *err)
{
	bool means = false;

	for (size_t slot = 0; slot < SYSCALL_SLOTS; slot++) {
		if (!item_means(item, names, slot))
			continue;
		set_put(set, slot, !item->removes);
		means = true;
	}
	if (means)
		return 0;
	if (item->kind == ITEM_NAME)
		return unknown_name(item, names, err);
	return error_set(err, -EINVAL, "'%s' matches no system call", item->text);
}

/* Both calls return with SYSCALL_NONE in place of their number. */
static void settle_sigreturn(struct syscall_set *set)
{
	static const char *const calls[] = { "rt_sigreturn", "sigreturn" };

	for (size_t abi = 0; abi < SYSCALL_ABIS; abi++) {
		bool wanted = false;

		for (size_t i = 0; i < array_size(calls); i++) {
			int number = syscall_number((enum syscall_abi)abi, calls[i]);

			wanted |= number >= 0 &&
				  syscall_set_has(set, abi * ABI_CALLS + (size_t)number);
		}
		set_put(set, abi * ABI_CALLS + SYSCALL_NONE, wanted);
	}
}

/* --- sets --- */

int syscall_set_parse(struct syscall_set *set, const char *list, struct error *err)
{
	cleanup_call_names struct call_names *names = read_call_names();
	cleanup_free char *copy = strdup(list);
	struct syscall_set result = { .any = false };
	bool all_but = *list == '!';
	char *rest = copy, *text;

	if (!names || !copy)
		return error_nomem(err);
	if (all_but)
		memset(result.bits, 0xff, sizeof(result.bits));
	while ((text = strsep(&rest, ","))) {
		struct item item;
		int r = parse_item(&item, text, err);

		item.removes |= all_but;
		if (r == 0)
			r = refuse_old_name(&item, err);
		if (r == 0)
			r = apply_item(&result, &item, names, err);
		if (r < 0)
			return r;
	}
	settle_sigreturn(&result);
	for (size_t i = 0; i < array_size(result.bits); i++)
		result.any |= result.bits[i] != 0;
	if (!result.any)
		return error_set(err, -EINVAL, "'%s' leaves no system call", list);
	*set = result;
	return 0;
}

bool syscall_set_has(const struct syscall_set *set, size_t slot)
{
	return slot < SYSCALL_SLOTS && set->bits[slot / 64] >> (slot % 64) & 1;
}

int syscall_list(int (*entry)(const struct syscall_entry *entry, void *context),
		 const struct syscall_set *set, void *context)
{
	cleanup_call_names struct call_names *names = read_call_names();
	int r = 0;

	if (!names)
		return -ENOMEM;
	for (size_t slot = 0; r == 0 && slot < SYSCALL_SLOTS; slot++) {
		char name[SYSCALL_NAME_MAX];
		struct syscall_entry call = {
			.abi = (enum syscall_abi)(slot / ABI_CALLS),
			.number = (int)(slot % ABI_CALLS),
			.name = name,
		};

		if (!names->of[slot] || (set && !syscall_set_has(set, slot)))
			continue;
		snprintf(name, sizeof(name), "%s%s", syscall_prefix(call.abi), names->of[slot]);
		call.classes = syscall_classes(names->of[slot]);
		r = entry(&call, context);
	}
	return r;
}
