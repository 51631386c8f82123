/* SPDX-License-Identifier: MIT */
/*
 * Views that are opened from a live view: what a row is made of, or the same by another key.
 *
 * A view of one row is a run of the tool itself, with the options of the first run, a filter for
 * that row and another --by. So it counts from the moment it is opened, and nobody pays for it
 * before. By then the process that paints has given up its privileges. So a helper process, the
 * opener, is forked before that and keeps them all. It runs such views and nothing else. A request
 * is a number out of the tool's table and values of the row, each of which the opener checks
 * before it becomes the value of an option. Who gets control of the process that paints can
 * narrow the run that the user started, and see names of paths that it did not ask for.
 *
 * While a view is open it has the screen and the keys, and this process keeps counting. The opener
 * also writes the file that `w` asks for: its name is chosen here, and it must not exist yet.
 */
#ifndef SUBVIEW_H
#define SUBVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "helper_process.h"
#include "own_tasks.h"

struct tool;

enum {
	SUBVIEW_FILTERS_MAX = 8,   /* of a tool */
	SUBVIEW_BYS_MAX = 8,       /* of a tool */
	SUBVIEW_VALUE_MAX = 1024,  /* bytes of a value, its NUL included */
	SUBVIEW_TITLE_MAX = 128,   /* of what a row is about */
	SUBVIEW_MESSAGE_MAX = 256, /* of what became of a request */
	SUBVIEW_CHUNK_MAX = 8192,  /* bytes of a file to write */
	SUBVIEW_DEPTH_MAX = 4,     /* views on top of one another */
};

/** enum subview_value - what a value may be, and how it becomes that of an option */
enum subview_value {
	SUBVIEW_NUMBER,
	SUBVIEW_NAME, /* letters, digits and _ : */
	SUBVIEW_GLOB, /* any text; it becomes a pattern that matches nothing else */
	SUBVIEW_PATH, /* absolute, without .. */
};

/**
 * struct subview_filter - how a row's value becomes a filter
 * @column:   key of the column
 * @option:   long name of the option
 * @unless:   key of another column: a row that has it needs no filter by this one; or NULL
 * @replaces: options that the filter makes needless, ended by NULL
 */
struct subview_filter {
	const char *column;
	const char *option;
	enum subview_value kind;
	const char *unless;
	const char *replaces[4];
};

/**
 * struct subview_step - what Enter shows: the first of these that fits
 * @present, @absent: keys of columns that the report has, and has not; NULL: whatever it has
 * @by:               index of the words of --by
 */
struct subview_step {
	const char *present;
	const char *absent;
	unsigned by;
};

/**
 * struct subview_by - words of --by
 * @words:  "process,errno"
 * @column: key of the column that a report by these words alone has
 * @unless: of a column that it has not; or NULL
 */
struct subview_by {
	const char *words;
	const char *column;
	const char *unless;
};

/**
 * struct tool_subviews - the views that can be opened from a tool's rows
 * @filters: the last one has no @column
 * @bys:     the last one has no @words
 * @steps:   the last one fits whatever the report has
 * @ntoggle: the first so many of @bys are shown in turn by a key
 */
struct tool_subviews {
	struct subview_filter filters[SUBVIEW_FILTERS_MAX];
	struct subview_by bys[SUBVIEW_BYS_MAX];
	const struct subview_step *steps;
	unsigned ntoggle;
};

/* Filters and keys that every tool with rows has. */
#define SUBVIEW_TASK_FILTERS                                                                       \
	{ "pid", "pid", SUBVIEW_NUMBER, "tid", { "ppid", "descendants" } },                        \
		{ "tid", "tid", SUBVIEW_NUMBER, NULL, { "pid", "ppid", "descendants" } },          \
		{ "comm", "name", SUBVIEW_GLOB, "pid", { NULL } },                                 \
		{ "uid", "uid", SUBVIEW_NUMBER, NULL, { NULL } },                                  \
	{                                                                                          \
		"cgroup", "cgroup", SUBVIEW_PATH, NULL,                                            \
		{                                                                                  \
			NULL                                                                       \
		}                                                                                  \
	}
#define SUBVIEW_TASK_BYS                                                                           \
	{ "process", "pid", "tid" }, { "comm", "comm", "pid" }, { "user", "uid", NULL },           \
	{                                                                                          \
		"cgroup", "cgroup", NULL                                                           \
	}
enum {
	SUBVIEW_TASK_TOGGLES = 4,
};

enum subview_kind {
	SUBVIEW_OPEN = 1, /* run a view */
	SUBVIEW_WRITE,    /* the next bytes of a file */
};

/**
 * struct subview_request
 * @kind:     enum subview_kind
 * @by:       index of the words of --by
 * @toggles:  by another key, instead of what a row is made of
 * @nfilters: how many @filters
 * @filters:  @which: index of the tool's filter; @value: NUL-terminated
 * @nown:     how many @own
 * @own:      processes that the view does not count either: the run's own
 * @title:    what the row is about, for the first line; NUL-terminated
 */
struct subview_request {
	uint32_t kind;
	uint32_t by;
	uint32_t toggles;
	uint32_t nfilters;
	struct {
		uint32_t which;
		char value[SUBVIEW_VALUE_MAX];
	} filters[SUBVIEW_FILTERS_MAX];
	uint32_t nown;
	uint32_t own[OWN_TASKS_MAX];
	char title[SUBVIEW_TITLE_MAX];
};

/** struct subview_chunk - bytes of a file to write; @last: then it is complete */
struct subview_chunk {
	uint32_t kind;
	uint32_t last;
	uint32_t size;
	char bytes[SUBVIEW_CHUNK_MAX];
};

/**
 * struct subview_answer - a view has ended, or a file is written
 * @kind:    of the request
 * @again:   the view was left for the next key of --by
 * @message: what people should know of it; ""
 */
struct subview_answer {
	uint32_t kind;
	uint32_t again;
	char message[SUBVIEW_MESSAGE_MAX];
};

/**
 * struct guest - a run that is a view opened from another one; its owner has the terminal
 * @request: that opened it; checked, and borrowed
 * @depth:   of views on top of one another; 1: opened from the first one
 */
struct guest {
	const struct subview_request *request;
	unsigned depth;
};

/** enum guest_status - exit status of a guest */
enum guest_status {
	GUEST_BACK = 0,
	GUEST_AGAIN = 100, /* show the next key of --by */
};

/**
 * struct subviews - the way to the opener
 * @opener:  its channel becomes readable when an answer has come
 * @host_id: of the initial PID namespace; 0: not known
 */
struct subviews {
	struct helper_process opener;
	uint32_t host_id;
};

#define SUBVIEWS_INIT                                                                              \
	{                                                                                          \
		.opener = HELPER_PROCESS_INIT                                                      \
	}

struct session;

/**
 * subview_start() - fork the opener; nothing of the run has been opened yet
 *
 * A failure is none of the run's: no rows can be opened then.
 */
void subview_start(struct subviews *views, const struct session *s, int argc, char *const *argv);

/** subview_stop() - end the view that is open, and the opener. Fine when there is none. */
void subview_stop(struct subviews *views);

/** subview_request() - ask for a view. Return: 0 or negative errno. */
int subview_request(const struct subviews *views, const struct subview_request *request);

/** subview_write() - ask for a file with these bytes. Return: 0 or negative errno. */
int subview_write(const struct subviews *views, const char *bytes, size_t size);

/** subview_answer() - read what became of a request. Return: 0, or negative: there is no opener. */
int subview_answer(const struct subviews *views, struct subview_answer *answer);

/* ---- for the opener ---- */

/**
 * struct words - a command line that is being made
 * @list:  ended by NULL; each on the heap
 */
struct words {
	char **list;
	int count;
	int capacity;
};

void words_free(struct words *words);

/**
 * subview_argv() - the command line of a view
 * @argv:    of the run, without a COMMAND
 * @request: checked here
 * @words:   the result; release with words_free() also after a failure
 *
 * Return: 0; -EPERM: this is no request that a live view makes; or -ENOMEM.
 */
int subview_argv(const struct tool *tool, int argc, char *const *argv,
		 const struct subview_request *request, struct words *words);

#endif
