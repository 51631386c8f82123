/* SPDX-License-Identifier: MIT */
/*
 * What a row of a report is about: a system call, a process, a user, ... or a combination. From the
 * words of --by come the key of the kernel's table, the program's text for it, and back from a
 * key's bytes what they mean.
 */
#ifndef GROUP_BY_H
#define GROUP_BY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "program_text.h"
#include "rows.h"

enum by_word {
	BY_SYSCALL,
	BY_PROCESS,
	BY_THREAD,
	BY_COMM,
	BY_USER,
	BY_CGROUP,
	BY_ERRNO,
	BY_CALL, /* which of the calls that open */
	BY_PATH,
	BY_DIR,
	BY_WORDS,
};

enum {
	BY_KEY_MAX = 80, /* bytes of the largest key, the CPU included */
};

/**
 * struct group_by - a choice of words
 * @words: bit set of enum by_word
 */
struct group_by {
	unsigned words;
};

/**
 * struct row_id - what a row is about; members that its words do not name are 0
 * @path:   short for a path, see struct open_path_id. By directory the kernel tells paths apart too
 * @cgroup: id of a cgroup v2 directory
 * @start_ns, @thread_start_ns: when the process and the thread began, of CLOCK_BOOTTIME, to tell
 *          them from others that had their ids; 0: not known
 * @call:   slot of a system call, or of an open that is not a system call
 * @error:  errno, 0 for success
 */
struct row_id {
	uint64_t path[2];
	uint64_t cgroup;
	uint64_t start_ns;
	uint64_t thread_start_ns;
	uint32_t pid;
	uint32_t tid;
	uint32_t uid;
	uint16_t call;
	uint16_t error;
	char comm[ROW_COMM];
};
_Static_assert(sizeof(struct row_id) == 72, "no gaps: ids are compared as bytes");

/**
 * group_by_parse() - read the value of --by: "process,syscall"
 * @known: bit set of the words that this tool has
 * Return: 0, or -EINVAL; the error names the words there are.
 */
int group_by_parse(struct group_by *by, const char *list, unsigned known, struct error *err);

/**
 * group_by_names() - list all words in @known, separated by ", "
 * @buf: the list, cut to @size bytes
 * Return: @buf.
 */
const char *group_by_names(unsigned known, char *buf, size_t size);

/** group_by_word() - word number @index of those in @known; NULL if there are fewer */
const char *group_by_word(unsigned known, size_t index);

static inline bool group_by_has(const struct group_by *by, enum by_word word)
{
	return by->words >> word & 1;
}

/** group_by_has_pid() - is a row of one process or thread? */
static inline bool group_by_has_pid(const struct group_by *by)
{
	return group_by_has(by, BY_PROCESS) || group_by_has(by, BY_THREAD);
}

/** group_by_define() - add the defines of programs/lib/rows.bpf.h: the members of the key, and
 * BY_... */
void group_by_define(const struct group_by *by, struct program_text *source);

/** group_by_key_size() - bytes of a key in the kernel's table, padding included. */
size_t group_by_key_size(const struct group_by *by);

/** group_by_decode() - read a key of the kernel's table; its CPU is left out. */
void group_by_decode(const struct group_by *by, const void *key, struct row_id *id);

/** group_by_keep() - set all members of an id to 0 that the words do not name. */
void group_by_keep(const struct group_by *by, struct row_id *id);

/**
 * group_by_rows_max() - how many rows the kernel's table holds
 * @large: a row has a histogram or registers
 * The tool empties the table at least once a second, so this is room for the rows of a second. Each
 * CPU has rows of its own.
 */
uint32_t group_by_rows_max(bool large);

/** group_by_privileges() - bits of enum privilege_use that it takes to name what rows are about. */
unsigned group_by_privileges(const struct group_by *by);

#endif
