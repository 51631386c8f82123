/* SPDX-License-Identifier: MIT */
/*
 * The command line. One table describes every option: parsing, --help, the completions of shells
 * and the man pages' tests all come from it. What all tools share is here; a tool adds its own
 * entries.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "report.h"
#include "run_as.h"
#include "task_filter.h"

enum {
	FILTER_PAIRS_MAX = 16,
	OPTION_ENTRIES_MAX = 64,
	INTERVAL_DEFAULT_S = 1,
	SECONDS_MAX = 100000000, /* three years */
};

/** enum option_group - groups of --help, in their order; the first is for a tool's own options */
enum option_group {
	OPTIONS_SUBJECT,
	OPTIONS_TASKS,
	OPTIONS_REPORT,
	OPTIONS_RUN,
	OPTIONS_ABOUT,
	OPTION_GROUPS,
};

/** enum option_help - who is told of an option */
enum option_help {
	HELP_ALL,     /* --help all */
	HELP_USUAL,   /* --help, too */
	HELP_OF_ROWS, /* --help, too, of a tool that reports rows */
};

/** enum option_takes - what the value of an option is, for completion in shells */
enum option_takes {
	TAKES_NOTHING,
	TAKES_NUMBER,
	TAKES_PIDS,
	TAKES_TIDS,
	TAKES_USER,
	TAKES_USERS,
	TAKES_COMM,
	TAKES_CGROUP,
	TAKES_CALLS,
	TAKES_ERRNOS,
	TAKES_COLUMN,
	TAKES_FORMAT,
	TAKES_FILE,
	TAKES_WORD,  /* one of those that @word of the entry has */
	TAKES_WORDS, /* several of them, separated by commas */
	OPTION_TAKES,
};

/**
 * struct option_entry - one option
 * @letter: short form, or 0
 * @name:   long form
 * @value:  name of its value in --help, or NULL when it takes none
 * @help:   what it does: lines of at most 50 columns, divided by "\n". The first one begins with a
 *          verb and says enough for --help; --help all prints the others, too
 * @id:     what parsing it means; for a tool's own entries OPTION_OWN + n. 0: it sets a bool
 * @sets:   which one, see OPTION_SETS()
 * @filter: it narrows what is traced, and is named in the start record
 * @group:  where --help prints it
 * @help_in: whether the short --help has it
 * @takes:  what @value is. With @value NULL: what may follow as a word of its own
 * @word:   TAKES_WORD, TAKES_WORDS: word number @index, or NULL if there are fewer
 */
struct option_entry {
	char letter;
	const char *name;
	const char *value;
	const char *help;
	int id;
	size_t sets;
	bool filter;
	enum option_group group;
	enum option_help help_in;
	enum option_takes takes;
	const char *(*word)(size_t index);
};

/** OPTION_SETS() - an entry that sets @member of the options struct of this @type to true. */
#define OPTION_SETS(type, member) .sets = offsetof(type, member)

enum {
	OPTION_OWN = 1000,
};

/**
 * struct options - what the command line asks for; release with options_clear()
 * @report: without @out and @screen, which come with the report itself
 */
struct options {
	struct filter filter;
	struct report_options report;
	uint64_t interval_ns;
	bool interval_given;
	const char *sort_given;  /* as it was, or NULL */
	const char *report_path; /* of --report; NULL: standard output */
	uint64_t duration_ns;
	bool no_clear;
	bool stats;
	bool check;
	bool ebpf;
	bool explain;
	const char *program_path; /* of --program; NULL: the tool's own */
	bool no_cache;
	bool clear_cache;
	bool quiet;
	unsigned verbose;
	bool help;
	bool help_all;
	bool version;
	char *const *command;
	bool as_given;
	struct run_as as;                       /* the command's user, when @as_given */
	const char *given[FILTER_PAIRS_MAX][2]; /* filters as given, for the `start` record */
	size_t ngiven;
	const struct option_entry *used[OPTION_ENTRIES_MAX]; /* what was given, each once */
	size_t nused;
};

struct tool;

/**
 * options_parse() - read a command line
 * @options:      filled; release with options_clear() also after a failure
 * @tool_options: the tool's own, zeroed
 * @err:          names the option and the bad value
 * Return: 0, or -EINVAL: wrong usage.
 */
int options_parse(struct options *options, const struct tool *tool, void *tool_options, int argc,
		  char *const *argv, struct error *err);

void options_clear(struct options *options);

/** option_handler() - an option of the command line, in turn; @value: NULL if it takes none */
typedef int option_handler(void *context, const struct option_entry *entry, const char *value,
			   struct error *err);

/**
 * options_scan() - find the options among the words of a command line
 * @handle: called for each of them; what it returns other than 0 ends the scan
 * @dashes: out: is a `--` what ended the options?
 *
 * `optind` of getopt(3) is then the first word behind the options.
 *
 * Return: 0, what @handle returned, or -EINVAL: there is no such option.
 */
int options_scan(const struct tool *tool, int argc, char *const *argv, option_handler *handle,
		 void *context, bool *dashes, struct error *err);

/**
 * options_check() - which options exclude each other, or would do nothing
 *
 * The last steps of options_parse(): before and after the tool has chosen the report's layout.
 * Return: 0 or -EINVAL.
 */
int options_check(const struct options *options, const struct tool *tool, void *tool_options,
		  struct error *err);
int options_check_report(const struct options *options, struct error *err);

/**
 * options_remember_filter() - keep a filter as it was given, for the `start` record
 *
 * One that is given again adds to its list. Return: 0 or -ENOMEM.
 */
int options_remember_filter(struct options *options, const struct option_entry *entry,
			    const char *value, struct error *err);

/** options_given() - was the option with this long name given? */
bool options_given(const struct options *options, const char *name);

/** options_filter_text() - the value of a filter as given; "": it was not given */
const char *options_filter_text(const struct options *options, const char *name);

/** options_are_question() - is something asked of the kernel or the program, instead of a run? */
static inline bool options_are_question(const struct options *options)
{
	return options->check || options->ebpf || options->explain;
}

/** options_as() - the user whom the command is to run as; NULL: nobody else. */
static inline const struct run_as *options_as(const struct options *options)
{
	return options->as_given ? &options->as : NULL;
}

/** struct option_entries - all options of one tool: its own first, as they are what it is about */
struct option_entries {
	const struct option_entry *list[OPTION_ENTRIES_MAX];
	size_t count;
};

void options_entries(const struct tool *tool, struct option_entries *entries);

/** OPTIONS_HELP_ALL - the word behind --help that asks for all options */
#define OPTIONS_HELP_ALL "all"

/** options_color_word() - a value of --color: number @index is enum options_color; NULL: no more */
const char *options_color_word(size_t index);

/** enum options_color - when to use colours */
enum options_color {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
	OPTIONS_COLORS,
};

/** options_common - the options of all tools, in the order of --help */
extern const struct option_entry options_common[];
extern const size_t options_common_count;

/** enum common_option - ids of the options of all tools; the filters come first */
enum common_option {
	OPT_PID = 256,
	OPT_TID,
	OPT_PPID,
	OPT_UID,
	OPT_EUID,
	OPT_NAME,
	OPT_CGROUP,
	OPT_LAST_FILTER = OPT_CGROUP,
	OPT_INTERVAL,
	OPT_DURATION,
	OPT_AS,
	OPT_OUTPUT,
	OPT_REPORT,
	OPT_PROGRAM,
	OPT_TOP,
	OPT_SORT,
	OPT_COLOR,
	OPT_VERBOSE,
};

/**
 * options_help() - the text of --help
 * @all: every option, columns, keys, notes and examples, not only the usual options
 */
void options_help(const struct tool *tool, bool all, FILE *out);

#endif
