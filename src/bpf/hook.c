/* SPDX-License-Identifier: MIT */
/* Names of hooks. See hook.h. */
#include "hook.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Both kinds of raw tracepoint have one display name: they see the same events. */
static const struct {
	const char *section;
	const char *display;
} kinds[HOOK_KINDS] = {
	[HOOK_KPROBE] = { "kprobe", "kprobe" },
	[HOOK_KRETPROBE] = { "kretprobe", "kretprobe" },
	[HOOK_TRACEPOINT] = { "tp", "tracepoint" },
	[HOOK_RAW_TRACEPOINT] = { "raw_tp", "raw_tracepoint" },
	[HOOK_RAW_TRACEPOINT_BTF] = { "tp_btf", "raw_tracepoint" },
	[HOOK_FENTRY] = { "fentry", "fentry" },
	[HOOK_FEXIT] = { "fexit", "fexit" },
};

const char *hook_section(const struct hook *hook, char *buf)
{
	snprintf(buf, HOOK_NAME_MAX, "%s/%s", kinds[hook->kind].section, hook->target);
	return buf;
}

const char *hook_name(const struct hook *hook, char *buf)
{
	char *slash;

	snprintf(buf, HOOK_NAME_MAX, "%s:%s", kinds[hook->kind].display, hook->target);
	slash = strchr(buf, '/');
	if (slash)
		*slash = ':';
	return buf;
}

int hook_parse(struct hook *hook, const char *section)
{
	const char *slash = strchr(section, '/');

	for (int kind = 0; slash && kind < HOOK_KINDS; kind++) {
		size_t len = strlen(kinds[kind].section);

		if ((size_t)(slash - section) == len &&
		    strncmp(section, kinds[kind].section, len) == 0) {
			hook->kind = (enum hook_kind)kind;
			hook->target = slash + 1;
			return 0;
		}
	}
	return -EINVAL;
}
