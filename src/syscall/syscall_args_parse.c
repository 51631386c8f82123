/* SPDX-License-Identifier: MIT */
/* The arguments of one system call, from the format file of its tracepoint. See syscall_args.h. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "syscall_args.h"

enum {
	TYPE_MAX = 64,
};

/* A declaration, "const char * filename", split into type and name. */
struct declaration {
	char type[TYPE_MAX];
	char name[SYSCALL_ARG_NAME_MAX];
};

/* Integer types of a 64-bit kernel. A type that is not here is shown in hex with all 8 bytes. */
static const struct {
	const char *type;
	uint8_t bytes;
	bool is_signed;
	bool wide; /* 64 bits for 32-bit programs too */
} integers[] = {
	{ "int", 4, true, false },       { "unsigned int", 4, false, false },
	{ "unsigned", 4, false, false }, { "long", 8, true, false },
	{ "size_t", 8, false, false },   { "ssize_t", 8, true, false },
	{ "off_t", 8, true, false },     { "loff_t", 8, true, true },
	{ "pid_t", 4, true, false },     { "uid_t", 4, false, false },
	{ "gid_t", 4, false, false },    { "qid_t", 4, false, false },
	{ "clockid_t", 4, true, false }, { "timer_t", 4, true, false },
	{ "key_t", 4, true, false },     { "key_serial_t", 4, true, false },
	{ "mqd_t", 4, true, false },     { "rwf_t", 4, true, false },
	{ "time_t", 8, true, false },    { "__kernel_old_time_t", 8, true, false },
	{ "umode_t", 2, false, false },  { "s32", 4, true, false },
	{ "__s32", 4, true, false },     { "u32", 4, false, false },
	{ "__u32", 4, false, false },    { "s64", 8, true, true },
	{ "__s64", 8, true, true },      { "u64", 8, false, true },
	{ "__u64", 8, false, true },
};

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static bool ends_in(const char *word, const char *end)
{
	size_t len = strlen(word), n = strlen(end);

	return len >= n && strcmp(word + len - n, end) == 0;
}

/*
 * Skip an attribute at @p; kernels built by clang have some in their types.
 * Return: the text behind it; @p when there is none.
 */
static const char *skip_attribute(const char *p, const char *end)
{
	static const char word[] = "__attribute__";
	int depth = 0;

	if ((size_t)(end - p) < strlen(word) || strncmp(p, word, strlen(word)) != 0)
		return p;
	for (p += strlen(word); p < end; p++) {
		depth += (*p == '(') - (*p == ')');
		if (!depth && *p == ')')
			return p + 1;
	}
	return end;
}

/*
 * Copy a type in one spelling: without attributes, without a const of the value itself, with single
 * blanks.
 */
static void normalize_type(char *out, const char *type, const char *end)
{
	size_t len = 0;

	while (type < end && len + 1 < TYPE_MAX) {
		const char *behind = skip_attribute(type, end);

		if (behind != type)
			type = behind;
		else if (isspace((unsigned char)*type) && (!len || out[len - 1] == ' '))
			type++;
		else
			out[len++] = *type++;
	}
	while (len && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	if (!strchr(out, '*') && strncmp(out, "const ", strlen("const ")) == 0)
		memmove(out, out + strlen("const "), len + 1 - strlen("const "));
}

static int split_declaration(struct declaration *d, const char *from, const char *end)
{
	const char *name = end;

	while (name > from && name[-1] != ' ' && name[-1] != '*')
		name--;
	if (name == from || name == end)
		return -EINVAL;
	/* A longer name is cut: names are only shown. */
	snprintf(d->name, sizeof(d->name), "%.*s", (int)(end - name), name);
	normalize_type(d->type, from, name);
	return 0;
}

/* Is this the length of the argument in front of it? truncate's `long length` is not. */
static bool is_size_of_text(const struct declaration *d)
{
	return strcmp(d->type, "size_t") == 0 || strcmp(d->name, "len") == 0 ||
	       ends_in(d->name, "_len");
}

/*
 * Is this a name or a path that the call reads? A `const char *` with a length behind it is a
 * buffer to write. Of a plain `char *` only the name tells: these are in utime, utimes, mount and
 * umount.
 */
static bool is_text(const struct declaration *d, const struct declaration *next)
{
	static const char *const names[] = { "filename", "dev_name", "dir_name", "type", "name" };

	if (next && is_size_of_text(next))
		return false;
	return strcmp(d->type, "const char *") == 0 ||
	       (strcmp(d->type, "char *") == 0 && is_one_of(d->name, names, array_size(names)));
}

static bool is_pointer(const struct declaration *d)
{
	return strchr(d->type, '*') || strncmp(d->type, "cap_user_", strlen("cap_user_")) == 0;
}

/* close_range's max_fd is a number, often ~0U. */
static bool is_descriptor(const struct declaration *d)
{
	static const char *const names[] = {
		"fildes", "fdin", "fdout", "fd_in", "fd_out", "mqdes"
	};

	return (ends_in(d->name, "fd") && strcmp(d->name, "max_fd") != 0) ||
	       is_one_of(d->name, names, array_size(names));
}

/* `int mask` is the argument of umask; other masks are other kinds of bits. */
static bool is_mode(const struct declaration *d)
{
	return strcmp(d->type, "umode_t") == 0 || strcmp(d->name, "mode") == 0 ||
	       (strcmp(d->name, "mask") == 0 && strcmp(d->type, "int") == 0);
}

static bool is_bits(const struct declaration *d)
{
	/* signalfd's sizemask is a size. */
	if (strcmp(d->type, "size_t") == 0)
		return false;
	return strstr(d->name, "flag") || ends_in(d->name, "flg") || strstr(d->name, "mask") ||
	       strcmp(d->name, "prot") == 0 ||
	       (strcmp(d->name, "cmd") == 0 && strcmp(d->type, "unsigned int") == 0);
}

/* An `unsigned long` can be anything; only the name tells that it is an address. */
static bool is_address(const struct declaration *d)
{
	static const char *const names[] = { "start", "brk", "newsp", "tls", "data" };

	return strcmp(d->type, "unsigned long") == 0 &&
	       (ends_in(d->name, "addr") || strncmp(d->name, "arg", 3) == 0 ||
		is_one_of(d->name, names, array_size(names)));
}

static enum syscall_arg_kind kind_of_number(const struct declaration *d, bool is_signed)
{
	if (is_mode(d))
		return ARG_OCTAL;
	if (is_descriptor(d))
		return ARG_DESCRIPTOR;
	if (is_bits(d) || is_address(d))
		return ARG_HEX;
	return is_signed ? ARG_SIGNED : ARG_UNSIGNED;
}

static void describe_number(struct syscall_args *args, struct syscall_arg *arg,
			    const struct declaration *d)
{
	if (strncmp(d->type, "enum ", strlen("enum ")) == 0) {
		arg->kind = kind_of_number(d, true);
		arg->bytes = 4;
		return;
	}
	arg->kind = strcmp(d->type, "unsigned long") == 0 ? kind_of_number(d, false) : ARG_HEX;
	arg->bytes = 8;
	for (size_t i = 0; i < array_size(integers); i++) {
		if (strcmp(d->type, integers[i].type) != 0)
			continue;
		arg->kind = kind_of_number(d, integers[i].is_signed);
		arg->bytes = integers[i].bytes;
		args->wide |= integers[i].wide;
	}
	/* mmap declares its descriptor as an `unsigned long`. */
	if (arg->kind == ARG_DESCRIPTOR)
		arg->bytes = 4;
}

static void describe(struct syscall_args *args, const struct declaration *declarations,
		     size_t count)
{
	args->count = count;
	for (size_t i = 0; i < count; i++) {
		const struct declaration *d = &declarations[i];
		struct syscall_arg *arg = &args->args[i];

		memcpy(arg->name, d->name, sizeof(arg->name));
		arg->bytes = 8;
		if (is_pointer(d))
			arg->kind =
				is_text(d, i + 1 < count ? d + 1 : NULL) ? ARG_TEXT : ARG_POINTER;
		else
			describe_number(args, arg, d);
	}
}

/*
 * Is a field an argument of the call? The others are the fields that every tracepoint has, the
 * number of the call, and the strings that Linux 7 adds behind the arguments.
 */
static bool is_argument(const struct declaration *d)
{
	return strncmp(d->name, "common_", strlen("common_")) != 0 &&
	       strncmp(d->name, "__", 2) != 0;
}

int syscall_args_parse(const char *format, struct syscall_args *args)
{
	struct declaration declarations[CALL_ARGS];
	bool is_format = false;
	size_t count = 0;

	memset(args, 0, sizeof(*args));
	for (const char *p = strstr(format, "\tfield:"), *end; p; p = strstr(end, "\tfield:")) {
		struct declaration d;

		p += strlen("\tfield:");
		end = p + strcspn(p, ";\n");
		if (*end != ';' || split_declaration(&d, p, end) < 0)
			return -EINVAL;
		is_format = true;
		if (!is_argument(&d))
			continue;
		if (count == CALL_ARGS)
			return -EINVAL;
		declarations[count++] = d;
	}
	if (!is_format)
		return -EINVAL;
	describe(args, declarations, count);
	return 0;
}
