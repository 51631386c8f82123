/* SPDX-License-Identifier: MIT */
/* The types of the running kernel. See btf_types.h. */
#define _GNU_SOURCE
#include "btf_types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "arch_facts.h"
#include "cleanup.h"

/* Ends of searches, for a damaged file; a kernel's own types stay far below them. */
enum {
	DEPTH_MAX = 32,      /* typedefs of typedefs, unnamed structs in unnamed structs */
	MEMBERS_MAX = 10000, /* of a struct, including those of its unnamed ones */
};

static const struct {
	const char *name;
	unsigned kind;
} wanted[] = {
	{ "task_struct", BTF_KIND_STRUCT },
	{ "signal_struct", BTF_KIND_STRUCT },
	{ "mm_struct", BTF_KIND_STRUCT },
	{ "linux_binprm", BTF_KIND_STRUCT },
	{ "pt_regs", BTF_KIND_STRUCT },
	{ "pid", BTF_KIND_STRUCT },
	{ "pid_namespace", BTF_KIND_STRUCT },
	{ "cred", BTF_KIND_STRUCT },
	{ "fs_struct", BTF_KIND_STRUCT },
	{ "files_struct", BTF_KIND_STRUCT },
	{ "fdtable", BTF_KIND_STRUCT },
	{ "file", BTF_KIND_STRUCT },
	{ "path", BTF_KIND_STRUCT },
	{ "dentry", BTF_KIND_STRUCT },
	{ "qstr", BTF_KIND_STRUCT },
	{ "mount", BTF_KIND_STRUCT },
	{ "vfsmount", BTF_KIND_STRUCT },
	{ "filename", BTF_KIND_STRUCT },
	{ "io_kiocb", BTF_KIND_STRUCT },
	{ "io_open", BTF_KIND_STRUCT },
	{ "open_how", BTF_KIND_STRUCT },
	{ "btf_trace_sys_enter", BTF_KIND_TYPEDEF },
	{ "btf_trace_sys_exit", BTF_KIND_TYPEDEF },
	{ "btf_trace_task_newtask", BTF_KIND_TYPEDEF },
	{ "btf_trace_task_rename", BTF_KIND_TYPEDEF },
	{ "btf_trace_sched_process_exec", BTF_KIND_TYPEDEF },
	{ "btf_trace_sched_process_exit", BTF_KIND_TYPEDEF },
	{ "btf_trace_sched_process_free", BTF_KIND_TYPEDEF },
	{ "btf_trace_io_uring_submit_sqe", BTF_KIND_TYPEDEF },
	{ "btf_trace_io_uring_submit_req", BTF_KIND_TYPEDEF },
	{ "btf_trace_io_uring_complete", BTF_KIND_TYPEDEF },
	{ "bpf_get_current_task_btf", BTF_KIND_FUNC },
	{ "bpf_task_pt_regs", BTF_KIND_FUNC },
#define ENTRY(name) { name, BTF_KIND_FUNC },
	/* clang-format off */
	ARCH_FUNCTIONS(ENTRY, "openat")
	ARCH_FUNCTIONS(ENTRY, "open")
	ARCH_FUNCTIONS(ENTRY, "creat")
	ARCH_FUNCTIONS(ENTRY, "openat2")
	ARCH_FUNCTIONS(ENTRY, "open_by_handle_at")
	/* clang-format on */
};

/* Enumerators are not types: one is searched only when it is asked for. */
static const char *const enumerators[] = { "REQ_F_SKIP_LINK_CQES_BIT" };

struct btf_types {
	struct btf *btf;
	unsigned ids[array_size(wanted)];
};

/* A file without valid names is no reason to crash: a missing name is empty. */
static const char *name_at(const struct btf *types, unsigned offset)
{
	const char *name = btf__name_by_offset(types, offset);

	return name ? name : "";
}

/*
 * The first and third letter of every wanted name. Nearly all of the kernel's names differ from
 * them there, which is cheaper to see than 50 calls of strcmp().
 */
struct beginnings {
	bool there[1 << 16];
};

static unsigned beginning(const char *name)
{
	return (unsigned)(unsigned char)name[0] << 8 |
	       (unsigned char)(name[0] && name[1] ? name[2] : 0);
}

static void find_wanted(struct btf_types *types)
{
	unsigned count = btf__type_cnt(types->btf);
	struct beginnings beginnings = { { false } };

	for (size_t i = 0; i < array_size(wanted); i++)
		beginnings.there[beginning(wanted[i].name)] = true;

	for (unsigned id = 1; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(types->btf, id);
		unsigned kind = btf_kind(t);
		const char *name;

		if (!t->name_off ||
		    (kind != BTF_KIND_STRUCT && kind != BTF_KIND_TYPEDEF && kind != BTF_KIND_FUNC))
			continue;
		name = name_at(types->btf, t->name_off);
		for (size_t i = 0; beginnings.there[beginning(name)] && i < array_size(wanted); i++)
			if (kind == wanted[i].kind && !types->ids[i] &&
			    strcmp(name, wanted[i].name) == 0)
				types->ids[i] = id;
	}
}

/* Since 6.16 the file can be mapped. read(2) of it takes 1300 calls of 4096 bytes each. */
static struct btf *map_types(void)
{
	cleanup_close int fd = open(BTF_TYPES_PATH, O_RDONLY | O_CLOEXEC);
	struct btf *types = NULL;
	struct stat st;
	void *bytes;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > UINT32_MAX)
		return NULL;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return NULL;
	types = btf__new(bytes, (uint32_t)st.st_size);
	munmap(bytes, (size_t)st.st_size);
	return types;
}

/* The type behind typedefs and qualifiers. */
static const struct btf_type *resolve(const struct btf *btf, unsigned id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (int depth = 0; t && (btf_is_typedef(t) || btf_is_mod(t)); depth++)
		t = depth < DEPTH_MAX ? btf__type_by_id(btf, t->type) : NULL;
	return t;
}

static int find_id(const struct btf_types *types, const char *name)
{
	for (size_t i = 0; i < array_size(wanted); i++)
		if (strcmp(name, wanted[i].name) == 0)
			return types->ids[i] ? (int)types->ids[i] : -ENOENT;
	return -ENOENT;
}

/* The wanted type of this name, without typedefs and qualifiers; NULL when there is none. */
static const struct btf_type *find_type(const struct btf_types *types, const char *name)
{
	int id = find_id(types, name);

	return id > 0 ? resolve(types->btf, (unsigned)id) : NULL;
}

/*
 * struct search - for a member, also inside unnamed structs and unions
 * @name, @len: the member's name
 * @left:       how many members may still be looked at; ends the search in a type that contains
 *              itself, which only a damaged file has
 * @bits:       result: offset in bits
 * @type:       result: the member's type; NULL when it cannot be resolved
 */
struct search {
	const struct btf *btf;
	const char *name;
	size_t len;
	unsigned left;
	unsigned bits;
	const struct btf_type *type;
};

static bool find_member(struct search *s, const struct btf_type *t, unsigned depth)
{
	const struct btf_member *m = btf_members(t);

	for (unsigned i = 0; i < btf_vlen(t) && s->left; i++, m++) {
		const char *member = name_at(s->btf, m->name_off);
		const struct btf_type *inner = resolve(s->btf, m->type);
		bool is_unnamed =
			!member[0] && inner && btf_is_composite(inner) && depth < DEPTH_MAX;

		s->left--;
		if (strlen(member) == s->len && strncmp(member, s->name, s->len) == 0) {
			s->bits = btf_member_bit_offset(t, i);
			s->type = inner;
			return true;
		}
		if (is_unnamed && find_member(s, inner, depth + 1)) {
			s->bits += btf_member_bit_offset(t, i);
			return true;
		}
	}
	return false;
}

static int find_offset(const struct btf_types *types, const char *type, const char *member)
{
	const struct btf_type *t = find_type(types, type);
	unsigned total = 0;

	for (const char *name = member; *name;) {
		struct search search = { .btf = types->btf,
					 .name = name,
					 .len = strcspn(name, "."),
					 .left = MEMBERS_MAX };

		if (!t || !btf_is_composite(t) || !find_member(&search, t, 0))
			return -ENOENT;
		t = search.type;
		total += search.bits;
		name += search.len + (name[search.len] == '.');
	}
	return (int)(total / 8);
}

static int count_args(const struct btf_types *types, const char *name)
{
	const struct btf_type *t = find_type(types, name);

	if (t && btf_is_ptr(t))
		t = resolve(types->btf, t->type);
	/* The first parameter of the typedef is the probe's private data. */
	return t && btf_is_func_proto(t) && btf_vlen(t) ? (int)btf_vlen(t) - 1 : -ENOENT;
}

static int find_enumerator(const struct btf_types *types, const char *name)
{
	unsigned count = btf__type_cnt(types->btf);

	for (unsigned id = 1; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(types->btf, id);
		const struct btf_enum *e = btf_enum(t);

		for (unsigned i = 0; btf_kind(t) == BTF_KIND_ENUM && i < btf_vlen(t); i++)
			if (strcmp(name_at(types->btf, e[i].name_off), name) == 0)
				return e[i].val;
	}
	return -ENOENT;
}

int btf_types_read(struct btf_types **typesp)
{
	struct btf_types *types = calloc(1, sizeof(*types));
	int r;

	if (!types)
		return -ENOMEM;
	types->btf = map_types();
	if (!types->btf)
		types->btf = btf__parse(BTF_TYPES_PATH, NULL);
	if (!types->btf) {
		r = errno ? -errno : -EIO;
		free(types);
		return r;
	}
	find_wanted(types);
	*typesp = types;
	return 0;
}

void btf_types_free(struct btf_types *types)
{
	if (!types)
		return;
	btf__free(types->btf);
	free(types);
}

bool btf_types_has_name(const char *name)
{
	for (size_t i = 0; i < array_size(enumerators); i++)
		if (strcmp(name, enumerators[i]) == 0)
			return true;
	for (size_t i = 0; i < array_size(wanted); i++)
		if (strcmp(name, wanted[i].name) == 0)
			return true;
	return false;
}

int btf_types_answer(const struct btf_types *types, enum btf_question question, const char *name,
		     const char *member)
{
	switch (question) {
	case BTF_ASK_ID:
		return find_id(types, name);
	case BTF_ASK_OFFSET:
		return find_offset(types, name, member);
	case BTF_ASK_ARGS:
		return count_args(types, name);
	case BTF_ASK_ENUMERATOR:
		return find_enumerator(types, name);
	}
	return -ENOENT;
}
