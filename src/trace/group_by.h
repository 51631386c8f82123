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
	BY_KEY_MAX = 64, /* bytes of the largest key, the CPU included */
};

/**
 * struct by - a choice of words
 * @words: bit set of enum by_word
 */
struct by {
	unsigned words;
};

/**
 * struct row_id - what a row is about; members that its words do not name are 0
 * @path:   short for a path, see struct open_path_id; by directory the kernel tells paths apart all
 * the same
 * @cgroup: id of a cgroup v2 directory
 * @call:   slot of a system call, or of an open that is none
 * @error:  errno, 0 for success
 */
struct row_id {
	uint64_t path[2];
	uint64_t cgroup;
	uint32_t pid;
	uint32_t tid;
	uint32_t uid;
	uint16_t call;
	uint16_t error;
	char comm[ROW_COMM];
};
_Static_assert(sizeof(struct row_id) == 56, "no gaps: ids are compared as bytes");

/**
 * by_parse() - "process,syscall"
 * @known: bit set of the words this tool has
 * Return: 0, or -EINVAL with the words there are.
 */
int by_parse(struct by *by, const char *list, unsigned known, struct error *err);

/** by_names() - all words in @known, separated by ", ", into @buf. Return: @buf. */
const char *by_names(unsigned known, char *buf, size_t size);

static inline bool by_has(const struct by *by, enum by_word word)
{
	return by->words >> word & 1;
}

/** by_define() - what programs/lib/rows.bpf.h needs: KEY_FIELDS and BY_... */
void by_define(const struct by *by, struct source *source);

/** by_key_size() - bytes of a key. */
size_t by_key_size(const struct by *by);

/** by_decode() - a key's bytes as the kernel has them; the CPU is left out. */
void by_decode(const struct by *by, const void *key, struct row_id *id);

/** by_keep() - of an id that has everything, keep what the words name. */
void by_keep(const struct by *by, struct row_id *id);

/**
 * by_rows_max() - room for the rows of a second, at the end of which at most they are taken out; a
 * row is of one CPU
 * @large: with a histogram or registers each
 */
uint32_t by_rows_max(bool large);

#endif
