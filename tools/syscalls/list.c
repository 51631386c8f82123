/* SPDX-License-Identifier: MIT */
/* bcc-syscalls --list: the system calls there are, or those that -e selects. */
#define _GNU_SOURCE
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "syscall_classes.h"
#include "syscalls_options.h"

/* Next class of a set, taken out of it. Return: NULL when it is empty. */
static const char *next_class(unsigned *classes)
{
	unsigned bit = *classes & -*classes;

	*classes &= ~bit;
	return bit ? syscall_class_name(bit) : NULL;
}

static int print_words(const struct syscall_entry *entry, void *unused)
{
	unsigned classes = entry->classes;
	const char *class;

	(void)unused;
	printf("%6d  %s", entry->number, entry->name);
	for (int pad = 28 - (int)strlen(entry->name); (class = next_class(&classes)); pad = 0)
		printf("%*s %%%s", pad > 0 ? pad : 0, "", class);
	putchar('\n');
	return 0;
}

static int print_csv(const struct syscall_entry *entry, void *unused)
{
	unsigned classes = entry->classes;
	const char *class, *gap = "";

	(void)unused;
	printf("%d,%s,", entry->number, entry->name);
	for (; (class = next_class(&classes)); gap = " ")
		printf("%s%s", gap, class);
	putchar('\n');
	return 0;
}

static int print_json(const struct syscall_entry *entry, void *unused)
{
	unsigned classes = entry->classes;
	json_t *list = json_array(), *record;
	const char *class;
	int r = 0;

	(void)unused;
	while ((class = next_class(&classes)))
		json_array_append_new(list, json_string(class));
	record = json_pack("{s:s, s:i, s:s, s:o}", "type", "syscall", "number", entry->number,
			   "syscall", entry->name, "classes", list);
	if (!record || json_dumpf(record, stdout, JSON_COMPACT) < 0)
		r = -ENOMEM;
	json_decref(record);
	putchar('\n');
	return r;
}

int syscalls_list(const void *context, const struct options *common, struct error *err)
{
	static int (*const print[])(const struct syscall_entry *, void *) = {
		[REPORT_TABLE] = print_words,
		[REPORT_JSON] = print_json,
		[REPORT_CSV] = print_csv,
	};
	const struct syscalls_options *options = context;
	enum report_format format = common->report.format;
	int r;

	if (!options->list)
		return 0;
	if (format == REPORT_TABLE)
		printf("NUMBER  %-28s CLASSES\n", "SYSCALL");
	if (format == REPORT_CSV)
		printf("number,syscall,classes\n");
	r = syscall_list(print[format], options->set.any ? &options->set : NULL, NULL);
	if (r == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		r = errno ? -errno : -EIO;
	return r < 0 ? error_set(err, r, "writing output: %s", error_name(r)) : 1;
}
