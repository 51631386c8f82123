/* SPDX-License-Identifier: MIT */
/* Structures in words. See part_words.h. */
#define _GNU_SOURCE
#include "part_words.h"

#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include "arg_words.h"
#include "calls.h"
#include "quote.h"

void part_words_bytes(struct words *w, const char *bytes, size_t len, bool cut)
{
	char quoted[QUOTE_STRING_MAX(CALL_BYTES_MAX)];

	quote_bytes(quoted, bytes, len < CALL_BYTES_MAX ? len : CALL_BYTES_MAX);
	words_add(w, "%s%s", quoted, cut ? "..." : "");
}

void part_words_strings(struct words *w, const char *bytes, size_t len, size_t limit, bool more)
{
	size_t count = 0;

	words_add(w, "[");
	for (; len && count < limit; count++) {
		size_t n = strnlen(bytes, len), shown = n < limit ? n : limit;
		bool is_whole = n < len;

		words_add(w, count ? ", " : "");
		part_words_bytes(w, bytes, shown, shown < n || !is_whole);
		more |= !is_whole;
		n += is_whole;
		bytes += n;
		len -= n;
	}
	if (len || more)
		words_add(w, count ? ", ..." : "...");
	words_add(w, "]");
}

void part_words_ints(struct words *w, const char *bytes, size_t len)
{
	words_add(w, "[");
	for (size_t i = 0; i + sizeof(int) <= len; i += sizeof(int)) {
		int value;

		memcpy(&value, bytes + i, sizeof(value));
		words_add(w, "%s%d", i ? ", " : "", value);
	}
	words_add(w, "]");
}

static void add_signal(struct words *w, unsigned number, bool is_first)
{
	char name[64];
	struct words text;

	words_init(&text, name, sizeof(name));
	arg_words_signal(&text, number);
	words_add(w, "%s%s", is_first ? "" : " ", strncmp(name, "SIG", 3) == 0 ? name + 3 : name);
}

void part_words_signals(struct words *w, const char *bytes)
{
	enum {
		SIGNALS = 64,
		/* From so many on, those that are not in the set are shown. */
		MANY = SIGNALS * 2 / 3,
	};
	bool is_first = true;
	uint64_t set;

	memcpy(&set, bytes, sizeof(set));
	if (__builtin_popcountll(set) >= MANY) {
		words_add(w, "~");
		set = ~set;
	}
	words_add(w, "[");
	for (unsigned i = 0; i < SIGNALS; i++) {
		if (!(set >> i & 1))
			continue;
		add_signal(w, i + 1, is_first);
		is_first = false;
	}
	words_add(w, "]");
}

void part_words_time(struct words *w, const char *bytes)
{
	int64_t time[2];

	memcpy(time, bytes, sizeof(time));
	words_add(w, "{tv_sec=%" PRId64 ", tv_nsec=%" PRId64 "}", time[0], time[1]);
}

void part_words_status(struct words *w, int status)
{
	words_add(w, "[{");
	if (WIFEXITED(status)) {
		words_add(w, "WIFEXITED(s) && WEXITSTATUS(s) == %d", WEXITSTATUS(status));
	} else if (WIFSIGNALED(status)) {
		words_add(w, "WIFSIGNALED(s) && WTERMSIG(s) == ");
		arg_words_signal(w, (unsigned)WTERMSIG(status));
		words_add(w, WCOREDUMP(status) ? " && WCOREDUMP(s)" : "");
	} else if (WIFSTOPPED(status)) {
		words_add(w, "WIFSTOPPED(s) && WSTOPSIG(s) == ");
		arg_words_signal(w, (unsigned)WSTOPSIG(status));
	} else if (WIFCONTINUED(status)) {
		words_add(w, "WIFCONTINUED(s)");
	} else {
		words_add(w, "%#x", (unsigned)status);
	}
	words_add(w, "}]");
}
