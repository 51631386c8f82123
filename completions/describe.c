/* SPDX-License-Identifier: MIT */
/*
 * Prints a tool's options and the words that their values can have, for completions/generate.
 *
 * The build links this file with the main file of each tool, and the linker gives its call of
 * tool_main() to the function at the end of this file. So the completions come from the struct tool
 * that the tool itself runs with, and no option or word is written down twice.
 *
 * Lines have fields, separated by tabs:
 *
 *   tool    NAME  PURPOSE
 *   option  LETTER  LONG  VALUE  TAKES  AGAIN  TEXT   AGAIN: "again" if it may be given twice
 *   word    WORD  TEXT                                of the option above
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "errno_set.h"
#include "syscall_classes.h"
#include "syscall_set.h"
#include "tool.h"

enum {
	FULL_LINE = 44, /* columns; a line of help that has as many may end within a sentence */
};

int __wrap_tool_main(const struct tool *tool, int argc, char **argv);

static const char *const takes[OPTION_TAKES] = {
	[TAKES_NOTHING] = "nothing", [TAKES_NUMBER] = "number", [TAKES_PIDS] = "pids",
	[TAKES_TIDS] = "tids",       [TAKES_USER] = "user",     [TAKES_USERS] = "users",
	[TAKES_COMM] = "comm",       [TAKES_CGROUP] = "cgroup", [TAKES_CALLS] = "calls",
	[TAKES_ERRNOS] = "words",    [TAKES_COLUMN] = "column", [TAKES_FORMAT] = "word",
	[TAKES_FILE] = "file",       [TAKES_WORD] = "word",     [TAKES_WORDS] = "words",
};

static void print_columns(const struct report_layout *layout)
{
	for (size_t i = 0; layout->sort_key && i < layout->ncolumns; i++)
		if (report_can_sort(&layout->columns[i]))
			printf("word\t%s\t\n", report_sort_name(&layout->columns[i]));
}

static void print_formats(const struct tool *tool)
{
	unsigned formats = REPORT_FORMATS_COMMON | tool->formats;

	for (int i = 0; i < REPORT_FORMATS; i++)
		if (formats >> i & 1)
			printf("word\t%s\t\n", report_format_name((enum report_format)i));
}

static void print_errnos(void)
{
	const char *word;
	int number;

	for (size_t i = 0; (word = errno_set_word(i, &number)); i++) {
		/* The C library does not know the errnos that only the kernel uses. */
		const char *text = strerrorname_np(number) ? strerror(number) : "";

		printf("word\t%s\t%s\n", word, text);
	}
}

/* Calls of other ABIs, such as i386:open, would double the list. */
static int print_call(const struct syscall_entry *call, void *context)
{
	const char *space = "";

	(void)context;
	if (strchr(call->name, ':'))
		return 0;
	printf("word\t%s\t", call->name);
	for (unsigned rest = call->classes; rest; rest &= rest - 1) {
		printf("%s%%%s", space, syscall_class_name(rest & -rest));
		space = " ";
	}
	putchar('\n');
	return 0;
}

static int print_calls(void)
{
	for (unsigned bit = 1; bit < SYSCALL_CLASS_END; bit <<= 1)
		printf("word\t%%%s\tclass of calls\n", syscall_class_name(bit));
	printf("word\t%%all\tall calls\n");
	return syscall_list(print_call, NULL, NULL);
}

static int print_words(const struct tool *tool, const struct option_entry *entry)
{
	const char *word;

	switch (entry->takes) {
	case TAKES_COLUMN:
		print_columns(&tool->layout);
		return 0;
	case TAKES_FORMAT:
		print_formats(tool);
		return 0;
	case TAKES_ERRNOS:
		print_errnos();
		return 0;
	case TAKES_CALLS:
		return print_calls();
	default:
		for (size_t i = 0; entry->word && (word = entry->word(i)); i++)
			printf("word\t%s\t\n", word);
		return 0;
	}
}

/* Does the sentence at the end of this line of help go on in the next one? */
static bool goes_on(const char *line, size_t len)
{
	const char *next = line + len + 1;

	if (!line[len] || !islower((unsigned char)*next) || next[strcspn(next, " :\n")] == ':')
		return false;
	return line[len - 1] == ',' || (len >= FULL_LINE && islower((unsigned char)line[len - 1]));
}

/* What the short --help says, up to the end of its sentence. */
static void print_text(const char *text)
{
	size_t len = strcspn(text, "\n");

	while (goes_on(text, len)) {
		printf("%.*s ", (int)len, text);
		text += len + 1;
		len = strcspn(text, "\n");
	}
	printf("%.*s\n", (int)len, text);
}

static int print_option(const struct tool *tool, const struct option_entry *entry)
{
	bool again = entry->id == OPT_VERBOSE || (entry->filter && entry->value);
	const char letter[] = { entry->letter, '\0' };

	printf("option\t%s\t%s\t%s\t%s\t%s\t", letter, entry->name,
	       entry->value ? entry->value : "", takes[entry->takes], again ? "again" : "");
	print_text(entry->help);
	if (entry->value && entry->takes == TAKES_NOTHING) {
		fprintf(stderr, "%s: --%s has a value, and its entry no .takes (options.h)\n",
			tool->name, entry->name);
		return -1;
	}
	return print_words(tool, entry);
}

int __wrap_tool_main(const struct tool *tool, int argc, char **argv)
{
	struct option_entries entries;

	(void)argc;
	(void)argv;
	options_entries(tool, &entries);
	printf("tool\t%s\t%s\n", tool->name, tool->texts.purpose);
	for (size_t i = 0; i < entries.count; i++)
		if (print_option(tool, entries.list[i]) < 0)
			return 1;
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
