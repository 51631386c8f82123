/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of an open: read, matched, resolved against the directory it starts from, and made short for a key.
 *
 *   NEED_PATH   something wants it at all
 *   FULL_PATH   also that directory's names, from the innermost to the root of the process
 *   PATH_GLOB   only paths that match: the table `path_bytes` says which elements of the pattern accept a byte
 *   PATH_ID     a key, or the count of different paths, wants the path's id; SIP_KEY0, SIP_KEY1 is its seed
 */
#include "lib/verifier.bpf.h"

struct place {
	u64 mount;  /* struct vfsmount */
	u64 dentry;
};

/* A path is larger than a program's stack: room for one per CPU, and others for the hooks of io_uring. */
struct open_buffer {
	struct open_event event;
	char bytes[OPEN_TEXT_MAX * 2];
	struct place here, root; /* on the way outwards, see add_names() */
};

enum {
	BUFFER_CALLS,
	BUFFER_SUBMIT, /* to an io_uring; such programs can come in between others */
	BUFFER_COMPLETE,
	BUFFERS,
};
#ifdef NEED_PATH
BPF_PERCPU_ARRAY(open_buffers, struct open_buffer, BUFFERS);
#endif

#ifdef FULL_PATH
#define TEXT_MAX OPEN_TEXT_MAX
#else
#define TEXT_MAX OPEN_PATH_MAX
#endif

/*
 * The verifier walks the loops over a path once for each different state it comes to them in. What is known of an open is
 * put away for as long, and comes back as values that may be any: one state.
 */
static inline void call_put(struct open_buffer *buffer, const struct open_call *call, u64 duration_ns)
{
	buffer->event.ret = call->ret;
	buffer->event.flags = call->flags;
	buffer->event.mode = call->mode;
	buffer->event.dirfd = call->dirfd;
	buffer->event.call = call->slot;
	buffer->event.again = call->again;
	buffer->event.duration_ns = duration_ns;
}

static inline void call_take(const struct open_buffer *buffer, struct open_call *call)
{
	call->ret = buffer->event.ret;
	call->flags = buffer->event.flags;
	call->mode = buffer->event.mode;
	call->dirfd = buffer->event.dirfd;
	call->slot = buffer->event.call;
	call->again = buffer->event.again;
}

static inline void text_clear(struct open_text *text)
{
	text->path_size = text->dir_size = text->marks = text->zero = 0;
}

/* What a read of a string of at most OPEN_PATH_MAX + 1 bytes returned. */
static inline void text_note(struct open_text *text, s64 n)
{
	/* An error; an empty path is 0 as well before 6.2, where its NUL is not counted. */
	n = n < 0 ? 0 : n ?: 1;
	if (n > OPEN_PATH_MAX) {
		n = OPEN_PATH_MAX;
		text->marks |= OPEN_PATH_CUT;
	}
	text->path_size = n;
}

static inline void text_read_user(struct open_buffer *buffer, u64 path)
{
	text_clear(&buffer->event.text);
	if (path)
		text_note(&buffer->event.text, bpf_probe_read_user_str(buffer->bytes, OPEN_PATH_MAX + 1, (void *)path));
}

static inline void text_read_kernel(struct open_buffer *buffer, u64 path)
{
	text_clear(&buffer->event.text);
	if (path)
		text_note(&buffer->event.text, bpf_probe_read_kernel_str(buffer->bytes, OPEN_PATH_MAX + 1, (void *)path));
}

/* Bytes of path and directory together. */
static inline u64 text_size(const struct open_text *text)
{
	u64 size = (u64)text->path_size + text->dir_size;

	BOUND(size, TEXT_MAX);
	return size;
}

#ifdef FULL_PATH
/* A file's name with its NUL. */
#define NAME_SIZE 256

static inline void place_read(struct place *place, u64 path)
{
	place->mount = PROBE_READ_(u64, path, PATH_MNT);
	place->dentry = PROBE_READ_(u64, path, PATH_DENTRY);
}

/* The struct file behind one of the process's descriptors; 0: there is none. */
static inline u64 file_of(u32 fd)
{
	u64 files = PROBE_READ_(u64, bpf_get_current_task(), TASK_FILES);
	u64 table = PROBE_READ_(u64, files, FILES_FDT);

	if (fd >= PROBE_READ_(u32, table, FDTABLE_MAX))
		return 0;
	return PROBE_READ_(u64, PROBE_READ_(u64, table, FDTABLE_FD), (u64)fd * 8);
}

/* 1 or 0, without a branch that clang could make of it. */
static inline u64 is_equal(u64 a, u64 b)
{
	u64 x = a ^ b, y;

	asm volatile("" : "+r"(x));
	y = -x;
	asm volatile("" : "+r"(y));
	return (x | y) >> 63 ^ 1;
}

/* @yes when @condition is 1, @no when it is 0. */
static inline u64 choose(u64 condition, u64 yes, u64 no)
{
	u64 mask = -condition;

	asm volatile("" : "+r"(mask));
	return (yes & mask) | (no & ~mask);
}

/*
 * One step outwards: the name of a directory behind what is there, or from the root of a file system to what that is mounted
 * on. Return: 0 when there is another step to take.
 *
 * The verifier walks each way through this for each step there can be, and forgets that it has been there: so there is one
 * way, whatever the step is, and what changes is kept in memory, where it may be anything.
 */
static inline u64 add_name(struct open_buffer *buffer, u64 begin)
{
	struct open_text *text = &buffer->event.text;
	u64 dentry = buffer->here.dentry, mount = buffer->here.mount, under = mount - MOUNT_MNT;
	u64 parent = PROBE_READ_(u64, dentry, DENTRY_PARENT), above = PROBE_READ_(u64, under, MOUNT_PARENT);
	u64 at_root = is_equal(dentry, buffer->root.dentry) & is_equal(mount, buffer->root.mount);
	u64 at_top = is_equal(dentry, parent) | is_equal(dentry, PROBE_READ_(u64, mount, VFSMOUNT_ROOT));
	u64 is_whole = at_root | (at_top & (is_equal(above, under) | is_equal(above, 0)));
	u64 size = text->dir_size & (OPEN_DIR_MAX - 1), n, is_name;

	n = bpf_probe_read_kernel_str(buffer->bytes + begin + size, NAME_SIZE, (void *)PROBE_READ_(u64, dentry, DENTRY_NAME));
	/* Not an error, which is negative, nor nothing. */
	is_name = (n - 1) >> 63 ^ 1;
	size += n & (NAME_SIZE * 2 - 1) & -(is_name & (at_top ^ 1) & (is_whole ^ 1));
	text->dir_size = size;
	buffer->here.dentry = choose(at_top, PROBE_READ_(u64, under, MOUNT_MOUNTPOINT), parent);
	buffer->here.mount = choose(at_top, above + MOUNT_MNT, mount);
	/* At the top of a file system that is mounted nowhere, or not below the root, it is not. */
	text->marks &= ~(OPEN_DIR_CUT & -at_root);
	return is_whole | ((at_top ^ 1) & (is_name ^ 1)) | (OPEN_DIR_MAX - NAME_SIZE - size) >> 63;
}

/* Names from a place outwards to the root. */
static inline void add_names(struct open_buffer *buffer)
{
	u64 begin;

	buffer->event.text.marks |= OPEN_HAS_DIR | OPEN_DIR_CUT;
	asm volatile("" : : : "memory");
	/* At most OPEN_PATH_MAX, in fewer words. */
	begin = buffer->event.text.path_size & (OPEN_PATH_MAX * 2 - 1);
	for (int i = 0; i < OPEN_DIR_DEPTH; i++) {
		asm volatile("" : : : "memory");
		if (add_name(buffer, begin))
			break;
	}
}

/*
 * The directory a relative path starts from, or the file that a call without a path has opened.
 * @opened: its descriptor; negative: there is none
 */
static inline void add_dir(struct open_buffer *buffer, s32 dirfd, s64 opened)
{
	u64 fs = PROBE_READ_(u64, bpf_get_current_task(), TASK_FS), path, file;

	/* An empty path, and one that could not be read, start nowhere. */
	if (buffer->event.text.path_size ? buffer->event.text.path_size == 1 || buffer->bytes[0] == '/' : opened < 0)
		return;
	path = fs + FS_PWD;
	if (!buffer->event.text.path_size || dirfd != AT_FDCWD_) {
		file = file_of(buffer->event.text.path_size ? dirfd : opened);
		if (!file)
			return;
		path = file + FILE_PATH;
	}
	if (!buffer->event.text.path_size) {
		buffer->bytes[0] = 0;
		buffer->event.text.path_size = 1;
	}
	place_read(&buffer->root, fs + FS_ROOT);
	place_read(&buffer->here, path);
	add_names(buffer);
}
#endif

#ifdef PATH_GLOB
BPF_ARRAY(path_bytes, struct open_glob, 1);

/* All positions of the pattern at once, as name_matches() does for names: see there. */
static inline int path_matches(const struct open_buffer *buffer)
{
	int first = 0;
	struct open_glob *glob = path_bytes.lookup(&first);
	u64 state = 1;

	if (!glob || !buffer->event.text.path_size)
		return 0;
	for (u32 i = 0; i < OPEN_PATH_MAX; i++) {
		u8 c = buffer->bytes[i];

		if (!c)
			break;
		state = ((state & glob->accepts[c]) << 1) | (state & glob->stars);
	}
	return (state & glob->end) != 0;
}
#else
#define path_matches(buffer) 1
#endif

#ifdef PATH_ID
#define ROTATED(v, bits) ((v) << (bits) | (v) >> (64 - (bits)))
#define SIP_ROUND(v0, v1, v2, v3)                                                                  \
	do {                                                                                       \
		v0 += v1;                                                                          \
		v2 += v3;                                                                          \
		v1 = ROTATED(v1, 13) ^ v0;                                                         \
		v3 = ROTATED(v3, 16) ^ v2;                                                         \
		v0 = ROTATED(v0, 32);                                                              \
		v2 += v1;                                                                          \
		v0 += v3;                                                                          \
		v1 = ROTATED(v1, 17) ^ v2;                                                         \
		v3 = ROTATED(v3, 21) ^ v0;                                                         \
		v2 = ROTATED(v2, 32);                                                              \
	} while (0)

#define SIP_WORD(v0, v1, v2, v3, word)                                                             \
	do {                                                                                       \
		u64 word_ = (word);                                                                \
                                                                                                   \
		v3 ^= word_;                                                                       \
		SIP_ROUND(v0, v1, v2, v3);                                                         \
		v0 ^= word_;                                                                       \
	} while (0)
/* The verifier walks a loop time by time, so a time does more. */
#define SIP_BLOCK 32

/*
 * SipHash-1-3 with 128 bits of result over the text, filled up with zeros, its sizes and marks first: whoever does not know
 * the seed cannot make two paths with one id.
 */
static inline void text_id(struct open_buffer *buffer, u64 *id)
{
	u64 key0 = SIP_KEY0, key1 = SIP_KEY1, size = text_size(&buffer->event.text), blocks;
	u64 v0 = key0 ^ 0x736f6d6570736575ull, v1 = key1 ^ 0x646f72616e646f6dull ^ 0xee;
	u64 v2 = key0 ^ 0x6c7967656e657261ull, v3 = key1 ^ 0x7465646279746573ull;
	u64 word = *(u64 *)&buffer->event.text;

	id[0] = id[1] = 0;
	if (!size)
		return;
	/* What is behind the text in its last block is of an earlier one. */
	for (int i = 0; i < SIP_BLOCK / 8; i++)
		*(u64 *)(buffer->bytes + size + i * 8) = 0;
	blocks = (size + SIP_BLOCK - 1) / SIP_BLOCK;
	SIP_WORD(v0, v1, v2, v3, word);
	for (u32 i = 0; i < (TEXT_MAX + SIP_BLOCK) / SIP_BLOCK; i++) {
		/* Left to itself clang counts down from the smaller bound, which the verifier does not see through. */
		asm volatile("" : "+r"(i));
		if (i >= blocks)
			break;
		SIP_WORD(v0, v1, v2, v3, *(u64 *)(buffer->bytes + i * SIP_BLOCK));
		SIP_WORD(v0, v1, v2, v3, *(u64 *)(buffer->bytes + i * SIP_BLOCK + 8));
		SIP_WORD(v0, v1, v2, v3, *(u64 *)(buffer->bytes + i * SIP_BLOCK + 16));
		SIP_WORD(v0, v1, v2, v3, *(u64 *)(buffer->bytes + i * SIP_BLOCK + 24));
	}
	v2 ^= 0xee;
	SIP_ROUND(v0, v1, v2, v3);
	SIP_ROUND(v0, v1, v2, v3);
	SIP_ROUND(v0, v1, v2, v3);
	id[0] = v0 ^ v1 ^ v2 ^ v3;
	v1 ^= 0xdd;
	SIP_ROUND(v0, v1, v2, v3);
	SIP_ROUND(v0, v1, v2, v3);
	SIP_ROUND(v0, v1, v2, v3);
	id[1] = v0 ^ v1 ^ v2 ^ v3;
}
#endif
