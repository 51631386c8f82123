/* SPDX-License-Identifier: MIT */
/* Records of system calls, checked. See call.h. */
#include "call.h"

#include <errno.h>
#include <string.h>

#include "event_line.h"

enum {
	MAX_ERRNO = 4095,
	PADDING_MAX = 7,
};

static void take_text(struct call *call, size_t arg, const char *bytes, size_t n)
{
	size_t len = strnlen(bytes, n);
	bool cut = len == n;

	/* The last character of what may be just as long is not shown, so that the dots stand for
	 * something. */
	call->texts[arg - 1] = (struct call_text){ bytes, len - cut, cut };
}

static const struct part_rule *find_rule(const struct syscall_args *args, size_t arg, unsigned kind)
{
	for (size_t i = 0; args && i < args->nparts; i++)
		if (args->parts[i].rule && args->parts[i].arg == arg &&
		    args->parts[i].rule->kind == kind)
			return args->parts[i].rule;
	return NULL;
}

/* The program is ours, but the bytes are checked all the same. */
static int take_parts(struct call *call, const struct call_event *e, size_t room)
{
	const char *bytes = e->memory;

	for (size_t i = 0; i < CALL_PARTS; i++) {
		size_t n = e->part_size[i], arg = e->part_arg[i];
		unsigned kind = e->part_kind[i];

		if (n > (kind == PART_TEXT ? CALL_TEXT_MAX : CALL_BYTES_MAX) || n > room ||
		    arg > CALL_ARGS || kind > PART_STRINGS || !arg != !kind || (n && !arg))
			return -EINVAL;
		if (n && kind == PART_TEXT)
			take_text(call, arg, bytes, n);
		else if (kind != PART_TEXT)
			call->memory[i] = (struct call_memory){ find_rule(call->args, arg, kind),
								bytes, n, (uint8_t)arg };
		bytes += n;
		room -= n;
	}
	return room <= PADDING_MAX ? 0 : -EINVAL;
}

int call_take(struct call *call, const void *data, size_t size,
	      const struct syscall_args_table *args, unsigned limit)
{
	const struct call_event *e = data;
	const char *colon;

	memset(call, 0, sizeof(*call));
	if (size < sizeof(*e) || e->call >= SYSCALL_SLOTS)
		return -EINVAL;
	call->event = e;
	call->args = syscall_args_of(args, e->call);
	call->limit = limit;
	if (take_parts(call, e, size - sizeof(*e)) < 0)
		return -EINVAL;
	call->bytes = e->call / ABI_CALLS == ABI_COMPAT ? 4 : 8;
	syscall_slot_name(e->call, call->slot_name, sizeof(call->slot_name));
	colon = strchr(call->slot_name, ':');
	call->name = colon ? colon + 1 : call->slot_name;
	return 0;
}

size_t call_arg_count(const struct call *call)
{
	return call->args ? call->args->count : CALL_ARGS;
}

bool call_has_args(const struct call *call)
{
	return call->event->flags & (CALL_HAS_ARGS | CALL_LATE_ARGS);
}

unsigned call_arg_bytes(const struct call *call, size_t i)
{
	return call->args && call->args->args[i].bytes < call->bytes ? call->args->args[i].bytes
								     : call->bytes;
}

uint64_t call_arg_value(const struct call *call, size_t i, bool with_sign)
{
	unsigned rest = 64 - 8 * call_arg_bytes(call, i);
	uint64_t value = call->event->args[i] << rest;

	return with_sign ? (uint64_t)((int64_t)value >> rest) : value >> rest;
}

bool call_arg_is_signed(const struct call *call, size_t i)
{
	return call->args && (call->args->args[i].kind == ARG_SIGNED ||
			      call->args->args[i].kind == ARG_DESCRIPTOR);
}

bool call_event_failed(const struct call_event *event)
{
	return !(event->flags & CALL_NO_RETURN) && (uint64_t)event->ret >= (uint64_t)-MAX_ERRNO;
}

int call_error(const struct call *call)
{
	return call_event_failed(call->event) ? (int)-call->event->ret : 0;
}

bool call_duration_is_known(const struct call *call)
{
	return (call->event->flags & CALL_HAS_ARGS) && !(call->event->flags & CALL_NO_RETURN);
}
