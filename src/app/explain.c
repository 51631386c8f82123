/* SPDX-License-Identifier: MIT */
/* --explain. See explain.h. */
#define _GNU_SOURCE
#include "explain.h"

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "explain_text.h"
#include "memstream.h"

enum {
	INDENT = 4,
	MAP_INDENT = 18,
};

static const char *const kinds[HOOK_KINDS] = {
	[HOOK_KPROBE] = "A kprobe: the kernel puts a breakpoint on the first instruction of this "
			"function and runs the program there. Nearly every function can have one; "
			"what functions are called and take changes between versions.",
	[HOOK_KRETPROBE] = "A kretprobe: the function's return address is replaced while it runs, "
			   "so that the program runs when it returns, and sees the result.",
	[HOOK_TRACEPOINT] = "A tracepoint: a mark that the authors of the kernel left in its code "
			    "for tracers. The program gets a record; tracefs says at which offset "
			    "each of its fields lies.",
	[HOOK_RAW_TRACEPOINT] = "A raw tracepoint: a tracepoint without the record. The program "
				"gets the arguments as numbers, and has the kernel copy what they "
				"point to.",
	[HOOK_RAW_TRACEPOINT_BTF] =
		"A raw tracepoint: a tracepoint without the record. The program "
		"gets the arguments themselves. The verifier knows their types "
		"from BTF, so to read a member takes one load.",
	[HOOK_FENTRY] = "fentry: the kernel's own tracer has left room at the start of this "
			"function. There it calls a trampoline, and that the program, with the "
			"arguments. No breakpoint is needed.",
	[HOOK_FEXIT] =
		"fexit: the kernel's own tracer has left room at the start of this function. "
		"There it calls a trampoline, which calls the function and then the program, "
		"with the arguments and the result. No breakpoint is needed.",
};

static const struct {
	uint32_t type;
	const char *name, *words;
} map_types[] = {
	{ BPF_MAP_TYPE_HASH, "hash table", "shared by all processors" },
	{ BPF_MAP_TYPE_PERCPU_HASH, "hash table", "each entry with a value for each processor" },
	{ BPF_MAP_TYPE_LRU_HASH, "hash table", "in which a new entry can replace the oldest" },
	{ BPF_MAP_TYPE_ARRAY, "array", "shared by all processors" },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, "array", "each entry with a value for each processor" },
	{ BPF_MAP_TYPE_PERF_EVENT_ARRAY, "perf buffers",
	  "one for each processor: records on their way to the tool" },
	{ BPF_MAP_TYPE_ARRAY_OF_MAPS, "array of maps",
	  "which the tool exchanges, to read one while the program fills another" },
	{ BPF_MAP_TYPE_CGROUP_ARRAY, "cgroups", "to compare the running task's with" },
};

static void prose(FILE *out, unsigned indent, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void prose(FILE *out, unsigned indent, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text_print_prose(out, indent, text, strlen(text));
}

static void heading(FILE *out, const char *text)
{
	fprintf(out, "\n%s\n", text);
}

static void print_comment(FILE *out, unsigned indent, const struct text_part *part)
{
	if (part->comment)
		text_print_prose(out, indent, part->comment, part->comment_len);
}

/* The words of a kind are said where it comes first. */
static bool is_new_kind(const struct object *object, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (object->programs[i].hook.kind == object->programs[number].hook.kind)
			return false;
	return true;
}

static void print_hook(const struct object *object, size_t number, const char *text, FILE *out)
{
	const struct object_program *program = &object->programs[number];
	struct text_part part;
	char name[HOOK_NAME_MAX];

	fprintf(out, "\n%3zu %s\n", number + 1, hook_name(&program->hook, name));
	if (is_new_kind(object, number))
		prose(out, INDENT, "%s", kinds[program->hook.kind]);
	if (text_find_function(text, program->name, &part))
		print_comment(out, INDENT, &part);
	prose(out, INDENT, "Here %s() runs: %zu instructions.", program->name, program->ninsns);
}

static void print_hooks(const struct session *s, const char *text, FILE *out)
{
	heading(out, "WHERE IT LOOKS");
	for (size_t i = 0; i < s->object.nprograms; i++) {
		if (i == s->own_hooks)
			fputs("\n    To know which processes are asked for:\n", out);
		print_hook(&s->object, i, text, out);
	}
}

/* Bytes of a full map, without what the kernel keeps beside the entries. */
static uint64_t map_bytes(const struct object_map *map)
{
	uint64_t value = (map->value_size + 7) / 8 * 8, key = (map->key_size + 7) / 8 * 8;
	int cpus = libbpf_num_possible_cpus();

	switch (map->type) {
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		value *= cpus > 0 ? (uint64_t)cpus : 1;
		break;
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
		return 0;
	}
	return map->max_entries * (value + key);
}

static void print_size(const struct object_map *map, FILE *out)
{
	uint64_t bytes = map_bytes(map);

	if (!bytes)
		return;
	prose(out, MAP_INDENT, "%u %s, keys of %u and values of %u bytes: %.*f %s when full",
	      map->max_entries, map->max_entries == 1 ? "entry" : "entries", map->key_size,
	      map->value_size, bytes < 100 << 10 ? 1 : 0,
	      (double)bytes / (bytes < 1 << 20 ? 1 << 10 : 1 << 20),
	      bytes < 1 << 20 ? "KiB" : "MiB");
}

static void print_map(const struct object_map *map, const char *text, FILE *out)
{
	struct text_part part;
	const char *name = "map", *words = "of another kind";

	for (size_t i = 0; i < sizeof(map_types) / sizeof(map_types[0]); i++) {
		if (map_types[i].type == map->type) {
			name = map_types[i].name;
			words = map_types[i].words;
		}
	}
	fprintf(out, "\n    %-13s %s,\n", map->name, name);
	prose(out, MAP_INDENT, "%s", words);
	print_size(map, out);
	if (text_find_map(text, map->name, &part))
		print_comment(out, MAP_INDENT, &part);
}

static void print_part(const struct text_part *part, void *context)
{
	FILE *out = context;

	fputc('\n', out);
	text_print_code(out, INDENT, part->comment ? part->comment : part->code,
			part->comment_len + part->code_len);
}

#define FILTER_LINE "#define FILTER_"
#define PARAMETER_LINE "/* PARAMETER("

/* The next line of a program that begins like this. Return: NULL: there is none. */
static const char *next_line(const char *text, const char *prefix)
{
	while (*text && strncmp(text, prefix, strlen(prefix)) != 0) {
		text = strchrnul(text, '\n');
		text += *text == '\n';
	}
	return *text ? text : NULL;
}

static const char *line_end(const char *line)
{
	return strchrnul(line, '\n');
}

/* Has a filter this parameter? The others are the ids of the tool's own tasks. */
static bool filters_use(const char *text, const char *parameter_line)
{
	const char *name = parameter_line + strlen("/* ");
	size_t len = strcspn(name, ")") + 1;

	for (const char *line = text; (line = next_line(line, FILTER_LINE)); line = line_end(line))
		if (memmem(line, (size_t)(line_end(line) - line), name, len))
			return true;
	return false;
}

static void print_filter_lines(const char *text, FILE *out)
{
	const char *line;

	for (line = text; (line = next_line(line, PARAMETER_LINE)); line = line_end(line))
		if (filters_use(text, line))
			text_print_code(out, INDENT, line, strcspn(line, "\n") + 1);
	for (line = text; (line = next_line(line, FILTER_LINE)); line = line_end(line))
		text_print_code(out, INDENT, line, strcspn(line, "\n") + 1);
}

static void print_filters(const struct session *s, const char *text, FILE *out)
{
	const struct options *o = &s->options;

	heading(out, "WHICH TASKS COUNT");
	if (!o->ngiven && !o->command) {
		prose(out, INDENT,
		      "All but the tool's own. To leave out others early costs the "
		      "least, so filters are asked in the kernel, in front of all else.");
		return;
	}
	for (size_t i = 0; i < o->ngiven; i++) {
		char safe[ESCAPE_MAX(64)];

		escape_terminal(safe, sizeof(safe), o->given[i][1], strnlen(o->given[i][1], 64));
		prose(out, INDENT, "--%s %s", o->given[i][0], safe);
	}
	if (o->command)
		prose(out, INDENT, "The command, from its execve on, and all that it starts.");
	prose(out, INDENT, "In the program this has become, in front of all else:");
	print_filter_lines(text, out);
	text_each_function(text, "_pass", print_part, out);
	text_each_function(text, "_passes", print_part, out);
}

static void print_program(const char *program, FILE *out)
{
	heading(out, "HOW IT COMES INTO THE KERNEL");
	prose(out, INDENT,
	      "The text below is what clang compiles, in a child process without privileges. What "
	      "comes out is an ELF object with the maps and the instructions; it is kept for the "
	      "next run. The tool makes the maps, loads each function with bpf(2), and attaches "
	      "it. Before that the kernel's verifier follows every path through the function, and "
	      "refuses what could loop for ever or touch memory that it may not.");
	prose(out, INDENT,
	      "-v shows these steps in a run, -vv also the verifier's log; --check "
	      "tries them. --program FILE runs a copy of the text that you have changed.");
	heading(out, "THE PROGRAM");
	fprintf(out, "\n%s", program);
}

static void print_ruled_out(const char *lines, FILE *out)
{
	if (!*lines)
		return;
	fputc('\n', out);
	prose(out, INDENT,
	      "This is the first of several ways that is possible here. Not possible:");
	while (*lines) {
		size_t len = strcspn(lines, "\n");

		text_print_prose(out, 2 * INDENT, lines, len);
		lines += len + (lines[len] == '\n');
	}
}

static void explain(const struct session *s, const char *program, const char *ruled_out, FILE *out)
{
	fprintf(out, "%s on Linux %s: what a run with these options does\n", s->tool->name,
		s->kernel.release);
	print_hooks(s, program, out);
	print_ruled_out(ruled_out, out);
	heading(out, "WHAT IT KEEPS");
	for (size_t i = 0; i < s->object.nmaps; i++)
		print_map(&s->object.maps[i], program, out);
	print_filters(s, program, out);
	print_program(program, out);
}

int explain_print(struct session *s, FILE *out, struct error *err)
{
	cleanup_free char *program = NULL, *failed = NULL;
	size_t program_len, failed_len;
	FILE *program_out = memstream_open(&program, &program_len);
	FILE *failed_out = memstream_open(&failed, &failed_len);
	int r = program_out && failed_out ? session_plan_only(s, program_out, failed_out, err)
					  : error_nomem(err);

	if (program_out && fclose(program_out) != 0 && r == 0)
		r = error_nomem(err);
	if (failed_out && fclose(failed_out) != 0 && r == 0)
		r = error_nomem(err);
	if (r == 0)
		explain(s, program, failed, out);
	return r;
}
