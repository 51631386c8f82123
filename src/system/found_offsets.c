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
	struct {
		const char *structure, *member;
		int offset;
	} members[FOUND_MAX];
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

static void note(const char *structure, const char *member, int offset, void *context)
{
	struct found_offsets *f = context;
	char text[128];
	int known;

	if (f->count == FOUND_MAX)
		return;
	f->members[f->count].structure = structure;
	f->members[f->count].member = member;
	f->members[f->count++].offset = offset;
	question(text, sizeof(text), structure, member);
	if (f->answers && !btf_cache_find(f->answers, text, &known))
		btf_cache_add(f->answers, text, offset);
}

static void search(struct found_offsets *f)
{
	f->searched = true;
	offset_finder_run(kernel_answers(arch_call_compat), note, f, &f->why_not);
}

static int find(const struct found_offsets *f, const char *type, const char *member)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->members[i].structure, type) == 0 &&
		    strcmp(f->members[i].member, member) == 0)
			return f->members[i].offset;
	return -ENOENT;
}

int found_offset(struct found_offsets *f, const char *type, const char *member, struct error *err)
{
	char text[128];
	int offset = -ENOENT;

	question(text, sizeof(text), type, member);
	if (f && f->answers && btf_cache_find(f->answers, text, &offset))
		return offset;
	if (f && !f->searched)
		search(f);
	offset = f ? find(f, type, member) : -ENOENT;
	if (offset >= 0)
		return offset;
	return error_set(err, -ENOENT,
			 "the kernel has no BTF, and where %s.%s lies is not known%s%s", type,
			 member, f && f->why_not.code ? ": " : "",
			 f && f->why_not.code ? f->why_not.text : "");
}
