/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a call asked for when it began. Does the same stand there when it returns?
 *
 * A path and the flags of openat2 lie in the program's memory, and a relative path starts from a
 * directory of the process. Another thread of the program can have changed all of them since the
 * kernel read them. So a call that begins leaves a note of them, which its return takes away.
 *
 * The note of a path is a hash whose key is the address of the task: a program does not know it,
 * and cannot make two paths with one hash.
 *
 * Contract: path_read.bpf.h supplies the buffer, path_directory.bpf.h the directory.
 */
#if NEED_GIVEN
BPF_TABLE("hash", u32, struct given, given, BEGUN_MAX);

#if NEED_PATH
/* The verifier walks a loop time by time, so each time does more. */
#define GIVEN_BLOCK 16

#define GIVEN_MIX(hash, word, key)                                                                 \
	do {                                                                                       \
		hash = ((hash) ^ (word)) * (key);                                                  \
		hash ^= (hash) >> 32;                                                              \
	} while (0)

/* Of the path in the buffer, filled up with zeros. Never one of enum given_path. */
static inline u64 given_hash(struct open_buffer *buffer)
{
	u64 size = buffer->event.text.path_size & (OPEN_PATH_MAX * 2 - 1), hash = size;
	u64 key = bpf_get_current_task() | 1;

	for (int i = 0; i < GIVEN_BLOCK / 8; i++)
		*(u64 *)(buffer->bytes + size + i * 8) = 0;
	for (u32 i = 0; i < (OPEN_PATH_MAX + GIVEN_BLOCK) / GIVEN_BLOCK; i++) {
		/* Or clang counts to the minimum of both bounds, and the verifier sees no end. */
		HIDE_FROM_CLANG(i);
		if (i * GIVEN_BLOCK >= size)
			break;
		GIVEN_MIX(hash, *(u64 *)(buffer->bytes + i * GIVEN_BLOCK), key);
		GIVEN_MIX(hash, *(u64 *)(buffer->bytes + i * GIVEN_BLOCK + 8), key);
	}
	return hash | 2;
}

#if FULL_PATH && !FULL_PATH_IF_UNSURE
static inline void given_from(struct open_buffer *buffer, const struct open_call *call,
			      struct given *begun)
{
	u64 from;

	buffer->event.text.marks = call->marks;
	if (buffer->event.text.path_size && !is_relative(buffer))
		return;
	from = directory_of(call->dirfd, current_fs());
	if (from)
		place_read(&begun->from, (struct path *)from);
}

/* Does the path of an open that failed start from where it started when the call began? */
static inline int starts_as_given(const struct open_buffer *buffer, const struct given *begun)
{
	if ((buffer->event.text.marks & OPEN_RESOLVED) || !begun->path)
		return 1;
	/* It can have asked to start from elsewhere. */
	if (OPEN_ALL && buffer->event.flags == OPEN_FLAGS_UNKNOWN)
		return 0;
	return !has_moved(buffer, &begun->from);
}
#else
#define given_from(buffer, call, begun)
#define starts_as_given(buffer, begun) 1
#endif

static inline int given_path(const struct open_call *call, struct given *begun)
{
	int which = BUFFER_CALLS;
	struct open_buffer *buffer = open_buffers.lookup(&which);

	if (!buffer || !call->path)
		return 0;
	text_clear(&buffer->event.text);
	text_read_user(buffer, call->path);
	HIDE_MEMORY_FROM_CLANG();
	if (buffer->event.text.path_size)
		begun->path = given_hash(buffer);
	given_from(buffer, call, begun);
	return 1;
}
#else
/* Only openat2 has its flags in memory. */
static inline int given_path(const struct open_call *call, struct given *begun)
{
	switch (call->slot) {
		OPENAT2_SLOTS
		return 1;
	default:
		return 0;
	}
}
#endif

/* A call begins. */
static inline void given_begin(int slot, struct syscall_regs *regs)
{
	/* It has no result yet. */
	struct open_call call = { .regs = regs, .slot = slot, .ret = -1 };
	struct given begun = { .path = GIVEN_UNREAD };
	u32 tid = bpf_get_current_pid_tgid();

	if (FILTERS_TASKS && !filter_passes())
		return;
	describe(&call);
	begun.flags = call.flags;
	begun.mode = call.mode;
	begun.marks = call.marks;
	if (given_path(&call, &begun) && given.update(&tid, &begun))
		drop_count(DROP_UNREAD);
}

/* A call returns. */
static inline void given_end(struct given *begun)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct given *left = given.lookup(&tid);

	if (left) {
		*begun = *left;
		given.delete(&tid);
	}
}
#endif
