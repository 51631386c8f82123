/* SPDX-License-Identifier: MIT */
/* Larger structures in words, of which only what is most looked for is shown. See part_words.h. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "arg_words.h"
#include "part_words.h"

/* The rule for numbers of these members. */
static const struct arg_rule mode_rule = {
	.field = "file_types", .mask = S_IFMT, .flags = "mode_bits", .octal = true
};
static const struct arg_rule mask_rule = { .flags = "statx_masks" };
static const struct arg_rule attributes_rule = { .flags = "statx_attributes" };
static const struct arg_rule action_rule = { .flags = "action_flags" };

/* A device has a number in place of a size. */
static bool is_device(unsigned mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

void part_words_hex(struct words *w, const char *bytes, size_t len, bool cut)
{
	words_add(w, "\"");
	for (size_t i = 0; i < len; i++)
		words_add(w, "\\x%02x", (unsigned char)bytes[i]);
	words_add(w, "\"%s", cut ? "..." : "");
}

void part_words_stat(struct words *w, const char *bytes)
{
	struct stat s;

	memcpy(&s, bytes, sizeof(s));
	words_add(w, "{st_mode=");
	arg_words(w, &mode_rule, s.st_mode, 4);
	if (is_device(s.st_mode))
		words_add(w, ", st_rdev=makedev(%#x, %#x)", major(s.st_rdev), minor(s.st_rdev));
	else
		words_add(w, ", st_size=%" PRId64, (int64_t)s.st_size);
	words_add(w, ", ...}");
}

void part_words_statx(struct words *w, const char *bytes)
{
	struct statx s;

	memcpy(&s, bytes, sizeof(s));
	words_add(w, "{stx_mask=");
	arg_words(w, &mask_rule, s.stx_mask, 4);
	words_add(w, ", stx_attributes=");
	arg_words(w, &attributes_rule, s.stx_attributes, 8);
	words_add(w, ", stx_mode=");
	arg_words(w, &mode_rule, s.stx_mode, 2);
	words_add(w, ", stx_size=%" PRIu64 ", ...}", (uint64_t)s.stx_size);
}

static void add_limit(struct words *w, uint64_t limit)
{
	if (limit == UINT64_MAX)
		words_add(w, "RLIM64_INFINITY");
	else if (limit > 1024 && limit % 1024 == 0)
		words_add(w, "%" PRIu64 "*1024", limit / 1024);
	else
		words_add(w, "%" PRIu64, limit);
}

void part_words_limit(struct words *w, const char *bytes)
{
	uint64_t limits[2];

	memcpy(limits, bytes, sizeof(limits));
	words_add(w, "{rlim_cur=");
	add_limit(w, limits[0]);
	words_add(w, ", rlim_max=");
	add_limit(w, limits[1]);
	words_add(w, "}");
}

void part_words_action(struct words *w, const char *bytes)
{
	enum {
		HANDLER,
		FLAGS,
		RESTORER,
		MASK,
		WORDS,
		HAS_RESTORER = 0x04000000,
	};
	static const char *const handlers[] = { "SIG_DFL", "SIG_IGN" };
	uint64_t words[WORDS];

	memcpy(words, bytes, sizeof(words));
	if (words[HANDLER] < 2)
		words_add(w, "{sa_handler=%s, sa_mask=", handlers[words[HANDLER]]);
	else
		words_add(w, "{sa_handler=0x%" PRIx64 ", sa_mask=", words[HANDLER]);
	part_words_signals(w, bytes + MASK * sizeof(words[0]));
	words_add(w, ", sa_flags=");
	arg_words(w, &action_rule, words[FLAGS], 8);
	if (words[FLAGS] & HAS_RESTORER)
		words_add(w, ", sa_restorer=0x%" PRIx64, words[RESTORER]);
	words_add(w, "}");
}
