/* SPDX-License-Identifier: MIT */
/* The options that all tools have, in the order of --help within each group. See options.h. */
#include "cleanup.h"
#include "options.h"

const char *options_color_word(size_t index)
{
	static const char *const words[OPTIONS_COLORS] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	return index < array_size(words) ? words[index] : NULL;
}

/* The one word that may follow an option without a value. */
static const char *help_word(size_t index)
{
	return index == 0 ? OPTIONS_HELP_ALL : NULL;
}

const struct option_entry options_common[] = {
	{ 'p', "pid", "PID[,PID...]",
	  "Trace only these processes\n(thread group ids); !PID: all but this one", .id = OPT_PID,
	  .takes = TAKES_PIDS, .filter = true, .group = OPTIONS_TASKS, .help_in = HELP_USUAL },
	{ 't', "tid", "TID[,TID...]", "Trace only these threads\n!TID: all but this one",
	  .id = OPT_TID, .takes = TAKES_TIDS, .filter = true, .group = OPTIONS_TASKS },
	{ 0, "ppid", "PID[,PID...]",
	  "Trace only direct children of these processes\n!PID: all but those of this one",
	  .id = OPT_PPID, .takes = TAKES_PIDS, .filter = true, .group = OPTIONS_TASKS },
	{ 0, "descendants", NULL,
	  "With -p: trace also every process that these\nstart from now on; with !PID: leave these "
	  "out",
	  OPTION_SETS(struct options, filter.descendants), .filter = true, .group = OPTIONS_TASKS },
	{ 'u', "uid", "USER[,USER...]",
	  "Trace only tasks of these users (names or ids)\n!USER: all but this user's",
	  .id = OPT_UID, .takes = TAKES_USERS, .filter = true, .group = OPTIONS_TASKS,
	  .help_in = HELP_USUAL },
	{ 0, "euid", "USER[,USER...]",
	  "Trace only tasks that act as these users\n(effective user id); !USER: all but these",
	  .id = OPT_EUID, .takes = TAKES_USERS, .filter = true, .group = OPTIONS_TASKS },
	{ 'n', "name", "GLOB",
	  "Trace only tasks whose name (comm) matches\n!GLOB: all but those whose name does",
	  .id = OPT_NAME, .takes = TAKES_COMM, .filter = true, .group = OPTIONS_TASKS,
	  .help_in = HELP_USUAL },
	{ 'c', "cgroup", "PATH",
	  "Trace only tasks in this cgroup v2 directory\nor below it; !PATH: all but these",
	  .id = OPT_CGROUP, .takes = TAKES_CGROUP, .filter = true, .group = OPTIONS_TASKS },
	{ 0, "self", NULL, "Trace also what the tool itself does",
	  OPTION_SETS(struct options, filter.self), .filter = true, .group = OPTIONS_TASKS },
	{ 'i', "interval", "SECONDS",
	  "Report this often (default 1; 0: once, at the end)\nFractions are allowed",
	  .id = OPT_INTERVAL, .takes = TAKES_NUMBER, .group = OPTIONS_REPORT,
	  .help_in = HELP_OF_ROWS },
	{ 'o', "output", "FORMAT", "Print table (default), json or csv\njson: one object per line",
	  .id = OPT_OUTPUT, .takes = TAKES_FORMAT, .group = OPTIONS_REPORT, .help_in = HELP_USUAL },
	{ 0, "report", "FILE",
	  "Write the report to FILE (-: standard output)\nCOMMAND keeps its standard output",
	  .id = OPT_REPORT, .takes = TAKES_FILE, .group = OPTIONS_REPORT },
	{ 0, "top", "N", "Print only the N largest rows (default: all)\nThe total covers all rows",
	  .id = OPT_TOP, .takes = TAKES_NUMBER, .group = OPTIONS_REPORT, .help_in = HELP_OF_ROWS },
	{ 's', "sort", "COLUMN", "Sort by this heading, or by -COLUMN in reverse\nLargest first",
	  .id = OPT_SORT, .takes = TAKES_COLUMN, .group = OPTIONS_REPORT, .help_in = HELP_OF_ROWS },
	{ 'T', "timestamp", NULL, "Print the time in front of each report or line",
	  OPTION_SETS(struct options, report.timestamp), .group = OPTIONS_REPORT },
	{ 0, "color", "WHEN",
	  "Use colours: auto (default), always or never\nauto: on a terminal, without NO_COLOR",
	  .id = OPT_COLOR, .takes = TAKES_WORD, .word = options_color_word,
	  .group = OPTIONS_REPORT },
	{ 0, "no-clear", NULL, "Append reports, do not repaint the terminal",
	  OPTION_SETS(struct options, no_clear), .group = OPTIONS_REPORT },
	{ 'd', "duration", "SECONDS",
	  "Stop after this long (default: no limit)\nFractions are allowed", .id = OPT_DURATION,
	  .takes = TAKES_NUMBER, .group = OPTIONS_RUN, .help_in = HELP_USUAL },
	{ 0, "as", "USER", "Run COMMAND as this user\n(default: with the tool's own privileges)",
	  .id = OPT_AS, .takes = TAKES_USER, .group = OPTIONS_RUN },
	{ 0, "no-cache", NULL, "Compile even if this program was compiled before",
	  OPTION_SETS(struct options, no_cache), .group = OPTIONS_RUN },
	{ 0, "program", "FILE",
	  "Run FILE, a changed copy of what --ebpf prints\nfor the same options (root only)",
	  .id = OPT_PROGRAM, .takes = TAKES_FILE, .group = OPTIONS_RUN },
	{ 'q', "quiet", NULL, "Do not print the \"Tracing\" line",
	  OPTION_SETS(struct options, quiet), .group = OPTIONS_RUN },
	{ 'v', "verbose", NULL,
	  "Explain what is compiled, attached and chosen\nTwice: print also the verifier's log",
	  .id = OPT_VERBOSE, .group = OPTIONS_RUN },
	{ 0, "stats", NULL, "Print at the end what the probes cost,\nstart-up times and memory",
	  OPTION_SETS(struct options, stats), .group = OPTIONS_RUN },
	{ 0, "check", NULL, "Print what this kernel and user allow the tool\nto do, and exit",
	  OPTION_SETS(struct options, check), .group = OPTIONS_ABOUT },
	{ 0, "ebpf", NULL, "Print the eBPF program, as C, for these options,\nand exit",
	  OPTION_SETS(struct options, ebpf), .group = OPTIONS_ABOUT },
	{ 0, "explain", NULL,
	  "Explain where this run looks, what it keeps and\nwhat its program does, and exit",
	  OPTION_SETS(struct options, explain), .group = OPTIONS_ABOUT },
	{ 0, "clear-cache", NULL, "Delete all compiled programs from the cache,\nand exit",
	  OPTION_SETS(struct options, clear_cache), .group = OPTIONS_ABOUT },
	{ 'h', "help", NULL, "Print the usual options and exit\n--help all: print all of them",
	  OPTION_SETS(struct options, help), .group = OPTIONS_ABOUT, .takes = TAKES_WORD,
	  .word = help_word },
	{ 'V', "version", NULL, "Print the version and exit", OPTION_SETS(struct options, version),
	  .group = OPTIONS_ABOUT },
};

const size_t options_common_count = array_size(options_common);
