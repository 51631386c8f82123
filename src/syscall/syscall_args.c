/* SPDX-License-Identifier: MIT */
/* The arguments of each system call, in a table of all slots. See syscall_args.h. */
#define _GNU_SOURCE
#include "syscall_args.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "syscall_names.h"

enum {
	FORMAT_MAX = 8192, /* bytes of a format file; the fields come first and need less */
};

/*
 * @native: by number of the native call, so that a description is read once for all ABIs; NULL:
 *          unknown
 * @read:   has reading it been tried?
 * @of:     by slot; points into @native
 */
struct syscall_args_table {
	struct syscall_args *native[ABI_CALLS];
	bool read[ABI_CALLS];
	const struct syscall_args *of[SYSCALL_SLOTS];
};

/*
 * A tracepoint is named after the kernel's function, which is not always the name of the call. A
 * function with the name of the call may exist too: an older version that no number leads to.
 */
static const char *event_name(const char *call)
{
	static const struct {
		const char *call, *event;
	} differ[] = {
		{ "stat", "newstat" },   { "fstat", "newfstat" }, { "lstat", "newlstat" },
		{ "uname", "newuname" }, { "umount2", "umount" }, { "sendfile", "sendfile64" },
	};

	for (size_t i = 0; i < array_size(differ); i++)
		if (strcmp(differ[i].call, call) == 0)
			return differ[i].event;
	for (size_t i = 0; i < arch_facts.nevents; i++)
		if (strcmp(arch_facts.events[i].call, call) == 0)
			return arch_facts.events[i].event;
	return call;
}

/* Return: length of @text, which is NUL-terminated; or negative errno. */
static ssize_t read_format(int tracefs, const char *event, char *text, size_t size)
{
	cleanup_close int fd = -1;
	char path[128];
	size_t len = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "events/syscalls/sys_enter_%s/format", event);
	fd = openat(tracefs, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		n = read(fd, text + len, size - 1 - len);
		if (n < 0)
			return -errno;
		len += (size_t)n;
	} while (n > 0);
	text[len] = '\0';
	return (ssize_t)len;
}

static void add_rules(struct syscall_args *args, const char *call)
{
	for (unsigned i = 0; i < args->count; i++)
		args->args[i].nrules = (uint8_t)arg_rules_of(call, i + 1, args->args[i].rules);
	args->result.nrules = (uint8_t)arg_rules_of(call, ARG_RESULT, args->result.rules);
	args->result.bytes = 8;
}

static void add_part(struct syscall_args *args, struct arg_part part)
{
	if (args->nparts < CALL_PARTS)
		args->parts[args->nparts++] = part;
}

/* The program wants what is read at the beginning first, and the path of an exec before its argv.
 */
static void add_parts(struct syscall_args *args, const char *call)
{
	struct arg_part known[CALL_PARTS];
	size_t n = arg_parts_of(call, known), i = 0;

	for (; i < n && known[i].rule->kind == PART_GIVEN; i++)
		add_part(args, known[i]);
	for (uint8_t arg = 0; arg < args->count; arg++)
		if (args->args[arg].kind == ARG_TEXT)
			add_part(args, (struct arg_part){ .arg = (uint8_t)(arg + 1) });
	for (; i < n; i++)
		add_part(args, known[i]);
}

/* Return: 0, also when the description cannot be read; or -ENOMEM. */
static int read_native(struct syscall_args_table *table, int tracefs, int number, const char *call)
{
	struct syscall_args args;
	char text[FORMAT_MAX];

	if (table->read[number])
		return 0;
	table->read[number] = true;
	if (read_format(tracefs, event_name(call), text, sizeof(text)) < 0 ||
	    syscall_args_parse(text, &args) < 0)
		return 0;
	table->native[number] = malloc(sizeof(args));
	if (!table->native[number])
		return -ENOMEM;
	add_rules(&args, call);
	add_parts(&args, call);
	*table->native[number] = args;
	return 0;
}

/* Does the 32-bit call of this name take the same arguments as the native one? */
static bool compat_is_equal(const char *call, const struct syscall_args *args)
{
	for (const char *const *differ = arch_facts.compat_differ; *differ; differ++)
		if (strcmp(*differ, call) == 0)
			return false;
	/* A 64-bit argument takes two registers, and architectures differ in which two. */
	return !args->wide;
}

static int fill_slot(struct syscall_args_table *table, int tracefs, size_t slot)
{
	char name[SYSCALL_NAME_MAX];
	const char *call;
	int number, r;

	syscall_slot_name(slot, name, sizeof(name));
	call = strchr(name, ':') ? strchr(name, ':') + 1 : name;
	number = syscall_number(ABI_NATIVE, call);
	if (number < 0 || number >= ABI_CALLS)
		return 0;
	r = read_native(table, tracefs, number, call);
	if (r < 0 || !table->native[number])
		return r;
	if (slot / ABI_CALLS != ABI_COMPAT || compat_is_equal(call, table->native[number]))
		table->of[slot] = table->native[number];
	return 0;
}

int syscall_args_new(struct syscall_args_table **tablep, int tracefs,
		     bool (*wanted)(size_t slot, void *context), void *context)
{
	struct syscall_args_table *table = calloc(1, sizeof(*table));
	int r = table ? 0 : -ENOMEM;

	for (size_t slot = 0; tracefs >= 0 && r == 0 && slot < SYSCALL_SLOTS; slot++)
		if (!wanted || wanted(slot, context))
			r = fill_slot(table, tracefs, slot);
	if (r < 0) {
		syscall_args_free(table);
		return r;
	}
	*tablep = table;
	return 0;
}

void syscall_args_free(struct syscall_args_table *table)
{
	for (size_t i = 0; table && i < ABI_CALLS; i++)
		free(table->native[i]);
	free(table);
}

const struct syscall_args *syscall_args_of(const struct syscall_args_table *table, size_t slot)
{
	return table && slot < SYSCALL_SLOTS ? table->of[slot] : NULL;
}

static struct call_part describe_part(const struct arg_part *part, bool is_native, unsigned limit)
{
	const struct part_rule *rule = part->rule;
	struct call_part out = { .kind = PART_TEXT, .arg = part->arg };

	if (!rule)
		return out;
	out.kind = rule->kind;
	out.length = rule->length;
	out.max = arg_parts_max(rule, limit);
	if (!out.max || (rule->native && !is_native))
		memset(&out, 0, sizeof(out));
	return out;
}

void syscall_args_parts(const struct syscall_args_table *table, size_t slot, unsigned limit,
			bool only_text, struct call_parts *parts)
{
	const struct syscall_args *args = syscall_args_of(table, slot);
	size_t n = 0;

	memset(parts, 0, sizeof(*parts));
	for (size_t i = 0; args && i < args->nparts; i++) {
		bool is_native = slot / ABI_CALLS == ABI_NATIVE;

		if (only_text && args->parts[i].rule)
			continue;
		parts->part[n] = describe_part(&args->parts[i], is_native, limit);
		n += parts->part[n].kind != PART_NONE;
	}
}
