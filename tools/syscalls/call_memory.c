/* SPDX-License-Identifier: MIT */
/* Memory that arguments point to. See call_memory.h. */
#include "call_memory.h"

#include <string.h>

#include "address_words.h"
#include "part_words.h"

enum {
	FAMILY_SIZE = 2, /* the shortest address says its family */
};

/* The part of a kind that argument @i points to, or NULL. */
static const struct call_memory *find(const struct call *call, size_t i, unsigned kind)
{
	for (size_t n = 0; n < CALL_PARTS; n++)
		if (call->memory[n].rule && call->memory[n].arg == i + 1 &&
		    call->memory[n].rule->kind == kind)
			return &call->memory[n];
	return NULL;
}

/* How long a buffer is that the call was given, or has filled. */
static uint64_t buffer_length(const struct call *call, const struct part_rule *rule)
{
	if (rule->length == LENGTH_RESULT)
		return (uint64_t)call->event->ret;
	return call_arg_value(call, rule->length - 1u, false);
}

static bool add_bytes(struct words *w, const struct call *call, const struct call_memory *m)
{
	uint64_t length = buffer_length(call, m->rule);
	uint64_t shown = length < call->limit ? length : call->limit;

	if (m->len != shown)
		return false;
	if (m->rule->show == PART_SHOW_HEX)
		part_words_hex(w, m->bytes, m->len, length > shown);
	else
		part_words_bytes(w, m->bytes, m->len, length > shown);
	return true;
}

/* A name whose length counts its NUL. */
static bool add_name(struct words *w, const struct call *call, const struct call_memory *m)
{
	uint64_t length = buffer_length(call, m->rule);

	if (!m->len || !length)
		return false;
	part_words_bytes(w, m->bytes, strnlen(m->bytes, m->len), length > m->len);
	return true;
}

static bool int_at(const struct call_memory *m, int *value)
{
	if (!m || m->len != sizeof(*value))
		return false;
	memcpy(value, m->bytes, sizeof(*value));
	return true;
}

/* The length that an address had room for, and the one it has. */
static bool add_length(struct words *w, const struct call *call, size_t i)
{
	int before = 0, after = 0;
	bool is_before = int_at(find(call, i, PART_GIVEN), &before);
	bool is_after = !call_error(call) && int_at(find(call, i, PART_FILLED), &after);

	if (!is_before && !is_after)
		return false;
	if (is_before && is_after && before != after)
		words_add(w, "[%d => %d]", before, after);
	else
		words_add(w, "[%d]", is_after ? after : before);
	return true;
}

/* Of a socket's options only those are shown that are one int. */
static bool add_ints(struct words *w, const struct call_memory *m)
{
	if (m->rule->length == LENGTH_FIXED ? m->len != m->rule->max : m->len != sizeof(int))
		return false;
	part_words_ints(w, m->bytes, m->len);
	return true;
}

static bool add_strings(struct words *w, const struct call *call, const struct call_memory *m)
{
	bool more = call->event->flags & CALL_MORE_ARGV;

	if (!m->len)
		return false;
	part_words_strings(w, m->bytes, m->len, call->limit, more);
	return true;
}

static bool add_status(struct words *w, const struct call *call, const struct call_memory *m)
{
	int status;

	/* With WNOHANG there may be none. */
	if (call->event->ret <= 0 || !int_at(m, &status))
		return false;
	part_words_status(w, status);
	return true;
}

/* A structure, which is all there or not at all. */
static bool add_structure(struct words *w, const struct call_memory *m)
{
	static void (*const add[])(struct words * w, const char *bytes) = {
		[PART_SHOW_SIGNALS] = part_words_signals, [PART_SHOW_TIME] = part_words_time,
		[PART_SHOW_STAT] = part_words_stat,       [PART_SHOW_STATX] = part_words_statx,
		[PART_SHOW_LIMIT] = part_words_limit,     [PART_SHOW_ACTION] = part_words_action,
	};

	if (m->len != m->rule->max || !add[m->rule->show])
		return false;
	add[m->rule->show](w, m->bytes);
	return true;
}

static bool add_address(struct words *w, const struct call_memory *m)
{
	if (m->len < FAMILY_SIZE)
		return false;
	address_words(w, m->bytes, m->len);
	return true;
}

static bool add_part(struct words *w, const struct call *call, const struct call_memory *m)
{
	switch (m->rule->show) {
	case PART_SHOW_BYTES:
	case PART_SHOW_HEX:
		return add_bytes(w, call, m);
	case PART_SHOW_NAME:
		return add_name(w, call, m);
	case PART_SHOW_ADDRESS:
		return add_address(w, m);
	case PART_SHOW_LENGTH:
		return add_length(w, call, m->arg - 1u);
	case PART_SHOW_INTS:
		return add_ints(w, m);
	case PART_SHOW_STATUS:
		return add_status(w, call, m);
	case PART_SHOW_STRINGS:
		return add_strings(w, call, m);
	case PART_SHOW_SIGNALS:
	case PART_SHOW_TIME:
	case PART_SHOW_STAT:
	case PART_SHOW_STATX:
	case PART_SHOW_LIMIT:
	case PART_SHOW_ACTION:
		break;
	}
	return add_structure(w, m);
}

/* A part that the call fills says nothing when the call fails. */
static bool is_there(const struct call *call, const struct call_memory *m)
{
	return m && (m->rule->kind != PART_FILLED || !call_error(call));
}

bool call_memory_words(struct words *w, const struct call *call, size_t i)
{
	static const unsigned kinds[] = { PART_GIVEN, PART_FILLED, PART_STRINGS };

	/* An empty buffer at no address is NULL. */
	if (!call_arg_value(call, i, false))
		return false;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		const struct call_memory *m = find(call, i, kinds[k]);

		if (is_there(call, m))
			return add_part(w, call, m);
	}
	return false;
}
