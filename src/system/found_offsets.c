/* SPDX-License-Identifier: MIT */
/* Offsets on a kernel without BTF. See found_offsets.h. */
#define _GNU_SOURCE
#include "found_offsets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch_facts.h"
#include "btf_cache.h"
#include "cleanup.h"
#include "offset_finder.h"
#include "probe_reliability.h"
#include "procfs.h"

enum {
	FOUND_MAX = 32,
	SEARCHES_MAX = 4,
};

/** struct found_member - what searches have found: @agree of them this, @differ: one another */
struct found_member {
	const char *structure, *member;
	int offset;
	unsigned agree;
	bool differ;
};

/**
 * struct found_offsets
 * @answers:  of earlier runs; NULL: use none
 * @members, @count: what this run has found
 * @searched: this run has looked
 * @why_not:  why it could not look
 */
struct found_offsets {
	struct btf_cache *answers;
	struct found_member members[FOUND_MAX];
	size_t count;
	bool searched;
	struct error why_not;
};

/*
 * Write "kernel offsets Linux version ...": kernels of the same build have the same structures, and
 * the text has the time of the build and the compiler.
 */
static bool subject_of_kernel(char *buf, size_t size)
{
	cleanup_close int proc = procfs_open();
	cleanup_close int fd = proc < 0 ? -1 : openat(proc, "version", O_RDONLY | O_CLOEXEC);
	int len = snprintf(buf, size, "kernel offsets ");
	ssize_t n = fd < 0 ? -1 : read(fd, buf + len, size - (size_t)len - 1);

	if (n <= 0)
		return false;
	buf[len + n] = '\0';
	return true;
}

struct found_offsets *found_offsets_open(bool use_cache)
{
	struct found_offsets *f = calloc(1, sizeof(*f));
	char subject[512];

	if (f && use_cache && subject_of_kernel(subject, sizeof(subject)))
		f->answers = btf_cache_open(subject);
	return f;
}

void found_offsets_close(struct found_offsets *f)
{
	if (!f)
		return;
	btf_cache_close(f->answers);
	error_clear(&f->why_not);
	free(f);
}

static void question(char *buf, size_t size, const char *structure, const char *member)
{
	snprintf(buf, size, "at:%s.%s", structure, member);
}

static struct found_member *find(struct found_offsets *f, const char *type, const char *member)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->members[i].structure, type) == 0 &&
		    strcmp(f->members[i].member, member) == 0)
			return &f->members[i];
	return NULL;
}

/* Two searches, with tasks of their own, have to agree; one that contradicts is for good. */
static void note(const char *structure, const char *member, int offset, void *context)
{
	struct found_offsets *f = context;
	struct found_member *found = find(f, structure, member);

	if (found) {
		found->agree += found->offset == offset;
		found->differ |= found->offset != offset;
	} else if (f->count < FOUND_MAX) {
		f->members[f->count++] = (struct found_member){
			.structure = structure, .member = member, .offset = offset, .agree = 1
		};
	}
}

static bool is_known(const struct found_member *found)
{
	return found->agree >= 2 && !found->differ;
}

/* What the first search has not found, a later one may. */
static bool is_complete(const struct found_offsets *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (!is_known(&f->members[i]))
			return false;
	return f->count > 0;
}

static void keep(struct found_offsets *f, const struct found_member *found)
{
	char text[128];
	int known;

	question(text, sizeof(text), found->structure, found->member);
	if (f->answers && !btf_cache_find(f->answers, text, &known))
		btf_cache_add(f->answers, text, found->offset);
}

static void search(struct found_offsets *f)
{
	bool compat = kernel_answers(arch_call_compat);

	f->searched = true;
	for (int i = 0; i < SEARCHES_MAX && (i < 2 || !is_complete(f)); i++) {
		error_clear(&f->why_not);
		offset_finder_run(compat, note, f, &f->why_not);
	}
	for (size_t i = 0; i < f->count; i++)
		if (is_known(&f->members[i]))
			keep(f, &f->members[i]);
}

int found_offset(struct found_offsets *f, const char *type, const char *member, struct error *err)
{
	const struct found_member *found;
	char text[128];
	int offset;

	question(text, sizeof(text), type, member);
	if (f && f->answers && btf_cache_find(f->answers, text, &offset))
		return offset;
	if (f && !f->searched)
		search(f);
	found = f ? find(f, type, member) : NULL;
	if (found && is_known(found))
		return found->offset;
	return error_set(err, -ENOENT,
			 "the kernel has no BTF, and where %s.%s lies is not known%s%s", type,
			 member, f && f->why_not.code ? ": " : "",
			 f && f->why_not.code ? f->why_not.text : "");
}
