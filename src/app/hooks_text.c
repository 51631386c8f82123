/* SPDX-License-Identifier: MIT */
/* The hooks of a run in words. See hooks_text.h. */
#include "hooks_text.h"

#include <stdio.h>
#include <string.h>

#define WHERE " (-v lists them)"

const char *hooks_text(const struct object *object, size_t count, char *buf, size_t size)
{
	size_t len = 0;

	snprintf(buf, size, "%s", "");
	for (size_t i = 0; i < count && len < size; i++) {
		char name[HOOK_NAME_MAX];

		len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? ", " : "",
					hook_name(&object->programs[i].hook, name));
	}
	return buf;
}

/* By what people call them: both kinds of raw tracepoint see the same events. */
static const struct {
	enum hook_kind kinds[2];
	const char *one, *many;
} words[] = {
	{ { HOOK_TRACEPOINT, HOOK_TRACEPOINT }, "tracepoint", "tracepoints" },
	{ { HOOK_RAW_TRACEPOINT, HOOK_RAW_TRACEPOINT_BTF }, "raw tracepoint", "raw tracepoints" },
	{ { HOOK_FEXIT, HOOK_FEXIT }, "fexit program", "fexit programs" },
	{ { HOOK_FENTRY, HOOK_FENTRY }, "fentry program", "fentry programs" },
	{ { HOOK_KRETPROBE, HOOK_KRETPROBE }, "kretprobe", "kretprobes" },
	{ { HOOK_KPROBE, HOOK_KPROBE }, "kprobe", "kprobes" },
};

static size_t count_kind(const struct object *object, size_t count, const enum hook_kind kinds[2])
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += object->programs[i].hook.kind == kinds[0] ||
			 object->programs[i].hook.kind == kinds[1];
	return found;
}

static size_t kinds_text(const struct object *object, size_t count, char *buf, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && len < size; i++) {
		size_t found = count_kind(object, count, words[i].kinds);

		if (found)
			len += (size_t)snprintf(buf + len, size - len, "%s%zu %s", len ? ", " : "",
						found, found == 1 ? words[i].one : words[i].many);
	}
	return len;
}

const char *hooks_text_short(const struct object *object, size_t count, size_t room, char *buf,
			     size_t size)
{
	size_t len;

	if (count <= 1 || strlen(hooks_text(object, count, buf, size)) <= room)
		return hooks_text(object, count, buf, size);
	len = kinds_text(object, count, buf, size);
	if (len + strlen(WHERE) <= room && len < size)
		snprintf(buf + len, size - len, "%s", WHERE);
	return buf;
}
