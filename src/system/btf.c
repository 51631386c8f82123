/* SPDX-License-Identifier: MIT */
/* Questions about the kernel's types, answered from the cache where it can. See btf.h. */
#define _GNU_SOURCE
#include "btf.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "btf_cache.h"
#include "btf_types.h"
#include "cleanup.h"

/*
 * struct lazy - what a question may still fill in
 * @answers: answers that earlier runs found on a kernel of this build; NULL: use none
 * @types:   NULL until the first question that is not among them
 * @failed:  negative errno after the types could not be read
 */
struct lazy {
	struct btf_cache *answers;
	struct btf_types *types;
	int failed;
};

struct btf_kernel {
	struct lazy *lazy;
};

static int read_types(struct lazy *lazy)
{
	if (!lazy->types && !lazy->failed)
		lazy->failed = btf_types_read(&lazy->types);
	return lazy->failed;
}

/*
 * Write "kernel types BUILD-ID": kernels of the same build have the same types.
 * Return: false when this kernel has no build id.
 */
static bool subject_of_kernel(char *buf, size_t size)
{
	const uint32_t build_id = 3; /* NT_GNU_BUILD_ID */
	const size_t align = 4;
	cleanup_fclose FILE *file = fopen("/sys/kernel/notes", "re");
	uint32_t head[3]; /* sizes of name and description, type */
	char name[64], id[64];

	while (file && fread(head, sizeof(head), 1, file) == 1) {
		size_t name_size = (head[0] + align - 1) / align * align,
		       id_size = (head[1] + align - 1) / align * align;
		int len;

		if (name_size > sizeof(name) || id_size > sizeof(id))
			return false;
		if (fread(name, 1, name_size, file) != name_size ||
		    fread(id, 1, id_size, file) != id_size)
			return false;
		if (head[2] != build_id || memcmp(name, "GNU", 4) != 0)
			continue;
		len = snprintf(buf, size, "kernel types ");
		for (size_t i = 0; i < head[1]; i++)
			len += snprintf(buf + len, size - (size_t)len, "%02x",
					(unsigned char)id[i]);
		return true;
	}
	return false;
}

int btf_unreadable(int code, struct error *err)
{
	return error_set(err, code, "reading the kernel's types from " BTF_TYPES_PATH ": %s",
			 error_words(code));
}

int btf_kernel_open(struct btf_kernel **btfp, bool use_cache, struct error *err)
{
	struct btf_kernel *btf = calloc(1, sizeof(*btf));
	char subject[160];
	int r = 0;

	if (btf)
		btf->lazy = calloc(1, sizeof(*btf->lazy));
	if (!btf || !btf->lazy) {
		free(btf);
		return error_nomem(err);
	}
	if (access(BTF_TYPES_PATH, R_OK) < 0)
		r = -errno;
	else if (use_cache && subject_of_kernel(subject, sizeof(subject)))
		btf->lazy->answers = btf_cache_open(subject);
	else
		r = read_types(btf->lazy);
	if (r < 0) {
		btf_kernel_free(btf);
		return btf_unreadable(r, err);
	}
	*btfp = btf;
	return 0;
}

int btf_kernel_failed(const struct btf_kernel *btf, struct error *err)
{
	int r = btf ? btf->lazy->failed : 0;

	return r < 0 ? btf_unreadable(r, err) : 0;
}

void btf_kernel_forget(struct btf_kernel *btf)
{
	if (!btf)
		return;
	btf_types_free(btf->lazy->types);
	btf->lazy->types = NULL;
}

void btf_kernel_free(struct btf_kernel *btf)
{
	if (!btf)
		return;
	btf_cache_close(btf->lazy->answers);
	btf_types_free(btf->lazy->types);
	free(btf->lazy);
	free(btf);
}

/* Answer from the cache, or else from the types, and keep the answer for the next run. */
static int ask(const struct btf_kernel *btf, enum btf_question question, const char *name,
	       const char *member)
{
	static const char *const words[] = {
		[BTF_ASK_ID] = "id",
		[BTF_ASK_OFFSET] = "at",
		[BTF_ASK_ARGS] = "args",
		[BTF_ASK_ENUMERATOR] = "enum",
	};
	char key[160];
	int answer;

	/* Keep no answer about these: another version of this program may know the name. */
	if (!btf || !btf_types_has_name(name))
		return -ENOENT;
	snprintf(key, sizeof(key), "%s:%s%s%s", words[question], name, *member ? "." : "", member);
	if (btf_cache_find(btf->lazy->answers, key, &answer))
		return answer;
	if (read_types(btf->lazy) < 0)
		return -ENOENT;
	answer = btf_types_answer(btf->lazy->types, question, name, member);
	btf_cache_add(btf->lazy->answers, key, answer);
	return answer;
}

int btf_id(const struct btf_kernel *btf, const char *name)
{
	return ask(btf, BTF_ASK_ID, name, "");
}

bool btf_has(const struct btf_kernel *btf, const char *name)
{
	return btf_id(btf, name) > 0;
}

int btf_lacks(const struct btf_kernel *btf, const char *name, struct error *err)
{
	int r = btf_kernel_failed(btf, err);

	return r < 0 ? r : error_set(err, -ENOENT, "the kernel's BTF has no %s", name);
}

int btf_offset(const struct btf_kernel *btf, const char *type, const char *member,
	       struct error *err)
{
	int offset = ask(btf, BTF_ASK_OFFSET, type, member);
	char name[128];

	if (offset >= 0)
		return offset;
	snprintf(name, sizeof(name), "%s.%s", type, member);
	return btf_lacks(btf, name, err);
}

int btf_tracepoint_args(const struct btf_kernel *btf, const char *name)
{
	return ask(btf, BTF_ASK_ARGS, name, "");
}

int btf_enumerator(const struct btf_kernel *btf, const char *name)
{
	return ask(btf, BTF_ASK_ENUMERATOR, name, "");
}
