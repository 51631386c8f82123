/* SPDX-License-Identifier: MIT */
/* Stand-ins for the kernel's structures. See kernel_layout.h. */
#include "kernel_layout.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memstream.h"

enum {
	LINE_COLUMNS = 100,
	TAB_COLUMNS = 8,
	MEMBER_TEXT = 256,
};

static bool in_one_structure(const struct kernel_layout_member *a,
			     const struct kernel_layout_member *b)
{
	return strcmp(a->structure, b->structure) == 0;
}

int kernel_layout_add(struct kernel_layout *layout, const struct kernel_layout_member *member)
{
	for (size_t i = 0; i < layout->count; i++)
		if (in_one_structure(&layout->members[i], member) &&
		    strcmp(layout->members[i].name, member->name) == 0)
			return 0;
	if (layout->count == KERNEL_LAYOUT_MEMBERS_MAX)
		return -E2BIG;
	layout->members[layout->count++] = *member;
	return 0;
}

static bool is_first(const struct kernel_layout *layout, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (in_one_structure(&layout->members[i], &layout->members[which]))
			return false;
	return true;
}

static int print_member(const struct kernel_layout_member *member, char text[MEMBER_TEXT])
{
	return snprintf(text, MEMBER_TEXT, "AT(%zu, %s, %s);%s%s%s", member->offset, member->name,
			member->type, member->origin ? " /* " : "",
			member->origin ? member->origin : "", member->origin ? " */" : "");
}

/* Members follow each other in a line while it has room; a small structure is one line. */
static void print_structure(const struct kernel_layout *layout, size_t first, FILE *out)
{
	const struct kernel_layout_member *members = layout->members;
	size_t column = (size_t)fprintf(out, "struct %s { union {", members[first].structure);
	bool is_short = true;

	for (size_t i = first; i < layout->count; i++) {
		char text[MEMBER_TEXT];
		size_t len;

		if (!in_one_structure(&members[i], &members[first]))
			continue;
		len = (size_t)print_member(&members[i], text);
		if (column + 1 + len + sizeof(" }; };") > LINE_COLUMNS) {
			fprintf(out, "\n\t%s", text);
			column = TAB_COLUMNS + len;
			is_short = false;
		} else {
			fprintf(out, " %s", text);
			column += 1 + len;
		}
	}
	fputs(is_short ? " }; };\n" : "\n}; };\n", out);
}

static void print_layout(const struct kernel_layout *layout, FILE *out)
{
	if (!layout->count)
		return;
	fputs("/* A member of a structure, at the offset that the running kernel gives it. */\n"
	      "#define AT(offset, member, type) \\\n"
	      "\tstruct { char before_##member[offset]; typeof(type) member; } "
	      "__attribute__((packed))\n",
	      out);
	for (size_t i = 0; i < layout->count; i++)
		if (is_first(layout, i))
			print_structure(layout, i, out);
}

char *kernel_layout_text(const struct kernel_layout *layout)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&text, &len);

	if (!out)
		return NULL;
	print_layout(layout, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
