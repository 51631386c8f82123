/* SPDX-License-Identifier: MIT */
/* Lines of system calls. See call_words.h. */
#define _GNU_SOURCE
#include "call_words.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "call_memory.h"
#include "error.h"
#include "report.h"

/* ---- arguments ---- */

static void add_text(struct words *w, const struct call_text *text)
{
	char quoted[QUOTE_STRING_MAX(CALL_TEXT_MAX)];

	quote_string(quoted, text->bytes, text->len);
	words_add(w, "%s%s", quoted, text->cut ? CALL_CUT : "");
}

/* The rule that holds, or NULL. */
static const struct arg_rule *rule_of(const struct call *call, const struct syscall_arg *arg)
{
	for (size_t i = 0; i < arg->nrules; i++) {
		const struct arg_rule *rule = arg->rules[i];

		if (!rule->when || (uint32_t)call->event->args[rule->when - 1] == rule->is)
			return rule;
	}
	return NULL;
}

static void add_by_kind(struct words *w, enum syscall_arg_kind kind, uint64_t value)
{
	switch (kind) {
	case ARG_TEXT:
	case ARG_POINTER:
		arg_words_address(w, value);
		break;
	case ARG_HEX:
		words_add(w, "%#" PRIx64, value);
		break;
	case ARG_OCTAL:
		words_add(w, "%#03" PRIo64, value);
		break;
	case ARG_UNSIGNED:
		words_add(w, "%" PRIu64, value);
		break;
	case ARG_DESCRIPTOR:
		if ((int64_t)value == AT_FDCWD) {
			words_add(w, "AT_FDCWD");
			break;
		}
		/* fallthrough */
	case ARG_SIGNED:
		words_add(w, "%" PRId64, (int64_t)value);
		break;
	}
}

static void add_value(struct words *w, const struct call *call, size_t i)
{
	const struct syscall_arg *arg = &call->args->args[i];
	const struct arg_rule *rule = rule_of(call, arg);

	if (rule)
		arg_words(w, rule, call_arg_value(call, i, false), call_arg_bytes(call, i));
	else
		add_by_kind(w, arg->kind, call_arg_value(call, i, call_arg_is_signed(call, i)));
}

static void add_args(struct words *w, const struct call *call)
{
	size_t count = call_arg_count(call);

	if (call->args)
		count = arg_rules_used(call->name, count, call->event->args);
	for (size_t i = 0; i < count; i++) {
		if (i)
			words_add(w, ", ");
		if (call->args)
			words_add(w, "%s=", call->args->args[i].name);
		if (call->texts[i].bytes)
			add_text(w, &call->texts[i]);
		else if (call->args && !call_memory_words(w, call, i))
			add_value(w, call, i);
		else if (!call->args)
			words_add(w, "0x%" PRIx64, call_arg_value(call, i, false));
	}
}

/* ---- the result ---- */

/* Errors that never reach the program: the call begins anew after a signal, or ends with EINTR. */
static bool is_restart(int error)
{
	enum {
		ERESTARTSYS = 512,
		ERESTARTNOINTR = 513,
		ERESTARTNOHAND = 514,
		ERESTART_RESTARTBLOCK = 516,
	};

	return error == ERESTARTSYS || error == ERESTARTNOINTR || error == ERESTARTNOHAND ||
	       error == ERESTART_RESTARTBLOCK;
}

/* strerror() would use the language of the user, but scripts read these lines. */
static void add_error(struct words *w, int error)
{
	const char *described = strerrordesc_np(error);

	words_add(w, " = %s %s", is_restart(error) ? "?" : "-1", error_name(error));
	if (described)
		words_add(w, " (%s)", described);
}

static void add_number(struct words *w, const struct call *call)
{
	uint64_t value = (uint64_t)call->event->ret;
	const struct arg_rule *rule = call->args ? rule_of(call, &call->args->result) : NULL;

	if (!rule) {
		words_add(w, " = %" PRId64, (int64_t)value);
	} else if (rule->show == SHOW_ADDRESS) {
		words_add(w, " = 0x%" PRIx64, value);
	} else if (rule->show != SHOW_WORDS) {
		words_add(w, " = ");
		arg_words(w, rule, value, 8);
	} else {
		words_add(w, " = %#" PRIx64, value);
		if (value || rule->field) {
			words_add(w, " (%s", rule->flags ? "flags " : "");
			arg_words(w, rule, value, 8);
			words_add(w, ")");
		}
	}
}

static void add_result(struct words *w, const struct call *call)
{
	if (call->event->flags & CALL_NO_RETURN)
		words_add(w, " = ?");
	else if (call_error(call))
		add_error(w, call_error(call));
	else
		add_number(w, call);
}

static void add_duration(struct words *w, const struct call *call)
{
	char text[REPORT_DURATION_MAX];

	if (!call_duration_is_known(call))
		return;
	report_duration(text, call->event->duration_ns);
	words_add(w, " <%s>", text);
}

void call_words(struct words *w, const struct call *call)
{
	words_add(w, "%s(", call->slot_name);
	if (call_has_args(call))
		add_args(w, call);
	else
		words_add(w, CALL_CUT);
	words_add(w, ")");
	add_result(w, call);
	add_duration(w, call);
}
