/* SPDX-License-Identifier: MIT */
/* Types of the running kernel, from /sys/kernel/btf/vmlinux. See btf.h. */
#define _GNU_SOURCE
#include "btf.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "btf_cache.h"
#include "cleanup.h"

#define VMLINUX "/sys/kernel/btf/vmlinux"

enum {
	DEPTH_MAX = 32, /* of names for names, and of structs without a name in others: a handful in
			   any kernel */
	MEMBERS_MAX = 10000, /* of a struct, with those of the unnamed ones in it: some hundred */
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
#define ENTRIES(call)                                                                              \
	{ "__x64_sys_" call, BTF_KIND_FUNC }, { "__ia32_compat_sys_" call, BTF_KIND_FUNC },        \
		{ "__ia32_sys_" call, BTF_KIND_FUNC }, { "__arm64_sys_" call, BTF_KIND_FUNC },     \
	{                                                                                          \
		"__arm64_compat_sys_" call, BTF_KIND_FUNC                                          \
	}
	ENTRIES("openat"),
	ENTRIES("open"),
	ENTRIES("creat"),
	ENTRIES("openat2"),
	ENTRIES("open_by_handle_at"),
};

/*
 * @answers: to what has been asked before on a kernel of this build; NULL: not to be used
 * @types:   NULL until something is asked that is not among them
 * @failed:  negative errno, when they could not be read
 */
struct types {
	struct answers *answers;
	struct btf *types;
	int failed;
	unsigned ids[array_size(wanted)];
};

struct btf_kernel {
	struct types *lazy;
};

/* The kernel's own bytes, but read like any others: a name that is not there is none. */
static const char *name_at(const struct btf *types, unsigned offset)
{
	const char *name = btf__name_by_offset(types, offset);

	return name ? name : "";
}

/* First and third letter of the names in `wanted`: nearly all of the kernel's are ruled out by
 * theirs. */
struct beginnings {
	bool there[1 << 16];
};

static unsigned beginning(const char *name)
{
	return (unsigned)(unsigned char)name[0] << 8 |
	       (unsigned char)(name[0] && name[1] ? name[2] : 0);
}

static void find_wanted(struct types *btf)
{
	unsigned count = btf__type_cnt(btf->types);
	struct beginnings beginnings = { { false } };

	for (size_t i = 0; i < array_size(wanted); i++)
		beginnings.there[beginning(wanted[i].name)] = true;

	for (unsigned id = 1; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(btf->types, id);
		unsigned kind = btf_kind(t);
		const char *name;

		if (!t->name_off ||
		    (kind != BTF_KIND_STRUCT && kind != BTF_KIND_TYPEDEF && kind != BTF_KIND_FUNC))
			continue;
		name = name_at(btf->types, t->name_off);
		for (size_t i = 0; beginnings.there[beginning(name)] && i < array_size(wanted); i++)
			if (kind == wanted[i].kind && !btf->ids[i] &&
			    strcmp(name, wanted[i].name) == 0)
				btf->ids[i] = id;
	}
}

/* Since 6.16 the file can be mapped; read, it comes in 1300 pieces of 4096 bytes. */
static struct btf *map_types(void)
{
	cleanup_close int fd = open(VMLINUX, O_RDONLY | O_CLOEXEC);
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

/* Read the kernel's types, which takes some 10 to 50 ms and 10 MB. */
static int parse(struct types *t)
{
	if (t->types || t->failed)
		return t->failed;
	t->types = map_types();
	if (!t->types)
		t->types = btf__parse(VMLINUX, NULL);
	if (!t->types)
		return t->failed = errno ? -errno : -EIO;
	find_wanted(t);
	return 0;
}

/* "kernel types BUILD-ID": the same build has the same types. Return: false when it has no id. */
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
	if (access(VMLINUX, R_OK) < 0)
		r = -errno;
	else if (use_cache && subject_of_kernel(subject, sizeof(subject)))
		btf->lazy->answers = answers_open(subject);
	else
		r = parse(btf->lazy);
	if (r < 0) {
		btf_kernel_free(btf);
		return error_set(err, r, "reading the kernel's types from " VMLINUX ": %s",
				 error_name(r));
	}
	*btfp = btf;
	return 0;
}

int btf_kernel_failed(const struct btf_kernel *btf, struct error *err)
{
	int r = btf ? btf->lazy->failed : 0;

	return r < 0 ? error_set(err, r, "reading the kernel's types from " VMLINUX ": %s",
				 error_name(r))
		     : 0;
}

void btf_kernel_free(struct btf_kernel *btf)
{
	if (!btf)
		return;
	answers_close(btf->lazy->answers);
	btf__free(btf->lazy->types);
	free(btf->lazy);
	free(btf);
}

/* Enumerators are not named in their types' names: they are looked for when they are asked for. */
static const char *const enumerators[] = { "REQ_F_SKIP_LINK_CQES_BIT" };

static bool is_wanted(const char *name)
{
	for (size_t i = 0; i < array_size(enumerators); i++)
		if (strcmp(name, enumerators[i]) == 0)
			return true;
	for (size_t i = 0; i < array_size(wanted); i++)
		if (strcmp(name, wanted[i].name) == 0)
			return true;
	return false;
}

/* An answer that is kept, or else the one @look finds, to be kept. */
static int ask(const struct btf_kernel *btf, const char *kind, const char *of, const char *member,
	       int (*look)(const struct types *types, const char *of, const char *member))
{
	char question[160];
	int answer;

	/* What is not looked for is not there; another version may look for it. */
	if (!btf || !is_wanted(of))
		return -ENOENT;
	snprintf(question, sizeof(question), "%s:%s%s%s", kind, of, *member ? "." : "", member);
	if (answers_find(btf->lazy->answers, question, &answer))
		return answer;
	if (parse(btf->lazy) < 0)
		return -ENOENT;
	answer = look(btf->lazy, of, member);
	answers_add(btf->lazy->answers, question, answer);
	return answer;
}

static int look_for_id(const struct types *types, const char *name, const char *member)
{
	(void)member;
	for (size_t i = 0; i < array_size(wanted); i++)
		if (strcmp(name, wanted[i].name) == 0)
			return types->ids[i] ? (int)types->ids[i] : -ENOENT;
	return -ENOENT;
}

int btf_id(const struct btf_kernel *btf, const char *name)
{
	return ask(btf, "id", name, "", look_for_id);
}

bool btf_has(const struct btf_kernel *btf, const char *name)
{
	return btf_id(btf, name) > 0;
}

/* The type behind names and qualifiers. */
static const struct btf_type *resolve(const struct btf *types, unsigned id)
{
	const struct btf_type *t = btf__type_by_id(types, id);

	for (int depth = 0; t && (btf_is_typedef(t) || btf_is_mod(t)); depth++)
		t = depth < DEPTH_MAX ? btf__type_by_id(types, t->type) : NULL;
	return t;
}

/**
 * struct search - for a member, also inside unnamed structs and unions
 * @name, @len: its name
 * @left:       members that are still looked at: enough for any kernel's struct, and an end for
 * what contains itself
 * @bits:       found: where it lies
 * @type:       found: what it is; NULL: nothing that is known
 */
struct search {
	const struct btf *types;
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
		const char *its = name_at(s->types, m->name_off);
		const struct btf_type *inner = resolve(s->types, m->type);
		bool is_unnamed = !its[0] && inner && btf_is_composite(inner) && depth < DEPTH_MAX;

		s->left--;
		if (strlen(its) == s->len && strncmp(its, s->name, s->len) == 0) {
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

static int look_for_member(const struct types *types, const char *type, const char *member)
{
	int id = look_for_id(types, type, "");
	const struct btf_type *t = id > 0 ? resolve(types->types, (unsigned)id) : NULL;
	unsigned total = 0;

	for (const char *name = member; *name;) {
		struct search search = { .types = types->types,
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

int btf_lacks(const struct btf_kernel *btf, const char *name, struct error *err)
{
	int r = btf_kernel_failed(btf, err);

	return r < 0 ? r : error_set(err, -ENOENT, "the kernel's BTF has no %s", name);
}

int btf_offset(const struct btf_kernel *btf, const char *type, const char *member,
	       struct error *err)
{
	int offset = ask(btf, "at", type, member, look_for_member);

	char name[128];

	if (offset >= 0)
		return offset;
	snprintf(name, sizeof(name), "%s.%s", type, member);
	return btf_lacks(btf, name, err);
}

static int look_for_args(const struct types *types, const char *name, const char *member)
{
	int id = look_for_id(types, name, member);
	const struct btf_type *t = id > 0 ? resolve(types->types, (unsigned)id) : NULL;

	if (t && btf_is_ptr(t))
		t = resolve(types->types, t->type);
	/* The first parameter of the typedef is the probe's private data. */
	return t && btf_is_func_proto(t) && btf_vlen(t) ? (int)btf_vlen(t) - 1 : -ENOENT;
}

int btf_tracepoint_args(const struct btf_kernel *btf, const char *name)
{
	return ask(btf, "args", name, "", look_for_args);
}

static int look_for_enumerator(const struct types *types, const char *name, const char *member)
{
	unsigned count = btf__type_cnt(types->types);

	(void)member;
	for (unsigned id = 1; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(types->types, id);
		const struct btf_enum *e = btf_enum(t);

		for (unsigned i = 0; btf_kind(t) == BTF_KIND_ENUM && i < btf_vlen(t); i++)
			if (strcmp(name_at(types->types, e[i].name_off), name) == 0)
				return e[i].val;
	}
	return -ENOENT;
}

int btf_enumerator(const struct btf_kernel *btf, const char *name)
{
	return ask(btf, "enum", name, "", look_for_enumerator);
}
