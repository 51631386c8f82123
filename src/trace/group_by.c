/* SPDX-License-Identifier: MIT */
/* What a row is about. See group_by.h. */
#define _GNU_SOURCE
#include "group_by.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"
#include "privileges.h"

static const char *const names[BY_WORDS] = {
	[BY_SYSCALL] = "syscall", [BY_PROCESS] = "process", [BY_THREAD] = "thread",
	[BY_COMM] = "comm",       [BY_USER] = "user",       [BY_CGROUP] = "cgroup",
	[BY_ERRNO] = "errno",     [BY_CALL] = "call",       [BY_PATH] = "path",
	[BY_DIR] = "dir",
};

/* The defines a program asks for what its rows are about. */
static const char *const defines[BY_WORDS] = {
	[BY_SYSCALL] = "BY_SYSCALL", [BY_PROCESS] = "BY_PROCESS", [BY_THREAD] = "BY_THREAD",
	[BY_COMM] = "BY_COMM",       [BY_USER] = "BY_USER",       [BY_CGROUP] = "BY_CGROUP",
	[BY_ERRNO] = "BY_ERRNO",     [BY_CALL] = "BY_SYSCALL",    [BY_PATH] = "BY_PATH",
	[BY_DIR] = "BY_PATH",
};

/*
 * The members a key can have. Larger ones come first, so that there is no gap between them, whose
 * bytes the kernel would compare like all others.
 */
static const struct field {
	unsigned words; /* any of which it is for; 0: always there */
	const char *text;
	size_t size;
	size_t at; /* in struct row_id; the CPU has no place there */
} fields[] = {
	{ 1 << BY_PATH | 1 << BY_DIR, "u64 path[2];", 16, offsetof(struct row_id, path) },
	{ 1 << BY_CGROUP, "u64 cgroup;", 8, offsetof(struct row_id, cgroup) },
	{ 1 << BY_PROCESS | 1 << BY_THREAD, "u64 start;", 8, offsetof(struct row_id, start_ns) },
	{ 1 << BY_THREAD, "u64 thread_start;", 8, offsetof(struct row_id, thread_start_ns) },
	{ 1 << BY_PROCESS | 1 << BY_THREAD, "u32 pid;", 4, offsetof(struct row_id, pid) },
	{ 1 << BY_THREAD, "u32 tid;", 4, offsetof(struct row_id, tid) },
	{ 1 << BY_USER, "u32 uid;", 4, offsetof(struct row_id, uid) },
	{ 1 << BY_SYSCALL | 1 << BY_CALL, "u16 call;", 2, offsetof(struct row_id, call) },
	{ 1 << BY_ERRNO, "u16 error;", 2, offsetof(struct row_id, error) },
	{ 1 << BY_COMM, "char comm[16];", ROW_COMM, offsetof(struct row_id, comm) },
	{ 0, "u16 cpu;", 2, SIZE_MAX },
};

enum {
	FIELDS = sizeof(fields) / sizeof(fields[0]),
};

static bool has_field(const struct group_by *by, const struct field *field)
{
	return !field->words || (field->words & by->words);
}

const char *group_by_word(unsigned known, size_t index)
{
	for (int word = 0; word < BY_WORDS; word++)
		if ((known >> word & 1) && index-- == 0)
			return names[word];
	return NULL;
}

const char *group_by_names(unsigned known, char *buf, size_t size)
{
	const char *word;
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; (word = group_by_word(known, i)) && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? ", " : "", word);
	return buf;
}

int group_by_parse(struct group_by *by, const char *list, unsigned known, struct error *err)
{
	char there[128];

	by->words = 0;
	for (size_t at = 0;; at++) {
		size_t len = strcspn(list + at, ",");
		int word = 0;

		while (word < BY_WORDS && (!(known >> word & 1) || strlen(names[word]) != len ||
					   strncmp(list + at, names[word], len) != 0))
			word++;
		if (word == BY_WORDS)
			return error_set(err, -EINVAL, "'%.*s' is not a key (there are: %s)",
					 (int)len, list + at,
					 group_by_names(known, there, sizeof(there)));
		by->words |= 1u << word;
		at += len;
		if (!list[at])
			return 0;
	}
}

/* Bytes of all members, without what fills the last word up. */
static size_t members_size(const struct group_by *by)
{
	size_t size = 0;

	for (size_t i = 0; i < FIELDS; i++)
		size += has_field(by, &fields[i]) ? fields[i].size : 0;
	return size;
}

/* A multiple of the largest member, as the compiler has it. */
size_t group_by_key_size(const struct group_by *by)
{
	const unsigned wide =
		1 << BY_CGROUP | 1 << BY_PATH | 1 << BY_DIR | 1 << BY_PROCESS | 1 << BY_THREAD;
	size_t align = (by->words & wide) ? 8 : 4;

	return (members_size(by) + align - 1) / align * align;
}

void group_by_define(const struct group_by *by, struct program_text *source)
{
	size_t rest = group_by_key_size(by) - members_size(by);
	char text[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < FIELDS; i++)
		if (has_field(by, &fields[i]))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ",
						fields[i].text);
	if (rest)
		snprintf(text + len, sizeof(text) - len, "u16 zero[%zu];", rest / 2);
	program_text_define(source, "KEY_FIELDS", "%s", text);
	for (int word = 0; word < BY_WORDS; word++)
		if (by->words >> word & 1)
			program_text_define(source, defines[word], "1");
}

void group_by_decode(const struct group_by *by, const void *key, struct row_id *id)
{
	const char *bytes = key;

	memset(id, 0, sizeof(*id));
	for (size_t i = 0; i < FIELDS; i++) {
		if (!has_field(by, &fields[i]))
			continue;
		if (fields[i].at != SIZE_MAX)
			memcpy((char *)id + fields[i].at, bytes, fields[i].size);
		bytes += fields[i].size;
	}
}

void group_by_keep(const struct group_by *by, struct row_id *id)
{
	struct row_id kept = { 0 };

	for (size_t i = 0; i < FIELDS; i++)
		if (has_field(by, &fields[i]) && fields[i].at != SIZE_MAX)
			memcpy((char *)&kept + fields[i].at, (char *)id + fields[i].at,
			       fields[i].size);
	*id = kept;
}

uint32_t group_by_rows_max(bool large)
{
	enum {
		ROWS = 65536,
		ROWS_PER_CPU = 1024,
		LARGE = 16384,
		LARGE_PER_CPU = 256,
	};

	return large ? kernel_map_capacity(LARGE, LARGE_PER_CPU)
		     : kernel_map_capacity(ROWS, ROWS_PER_CPU);
}

unsigned group_by_privileges(const struct group_by *by)
{
	return (group_by_has(by, BY_CGROUP) ? PRIVILEGE_CGROUPS : 0u) |
	       (group_by_has(by, BY_USER) ? PRIVILEGE_USERS : 0u);
}
