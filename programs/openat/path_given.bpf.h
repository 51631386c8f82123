/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is the path that a call returns with the one that it began with? Another thread of the program
 * can have rewritten it, so that what is read at the return is not what the kernel has opened.
 *
 * A call that begins leaves a hash of its path, and its return takes it away. The key of the hash
 * is the address of the task: a program does not know it, and cannot make two paths with one hash.
 *
 * Contract: path_read.bpf.h supplies the buffer.
 */
BPF_TABLE("hash", u32, u64, given, BEGUN_MAX);

/* The verifier walks a loop time by time, so each time does more. */
#define GIVEN_BLOCK 16

#define GIVEN_MIX(hash, word, key)                                                                 \
	do {                                                                                       \
		hash = ((hash) ^ (word)) * (key);                                                  \
		hash ^= (hash) >> 32;                                                              \
	} while (0)

/* Of the path in the buffer, filled up with zeros. Never 0. */
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
	return hash ?: 1;
}

/* Where the path of a call lies; 0: it has none. */
static inline u64 given_at(int slot, struct syscall_regs *regs)
{
	struct open_call call = { .regs = regs, .slot = slot };

#if OPEN_ALL
	switch (slot) {
		OPENAT_SLOTS
		OPENAT2_SLOTS
		return ARG(&call, 2);
		OPEN_BY_HANDLE_SLOTS
		return 0;
	default:
		return ARG(&call, 1);
	}
#else
	return ARG(&call, 2);
#endif
}

/* A call begins. One whose path is not in memory yet leaves nothing. */
static inline void given_begin(int slot, struct syscall_regs *regs)
{
	u32 tid = bpf_get_current_pid_tgid();
	int which = BUFFER_CALLS;
	struct open_buffer *buffer;
	u64 hash;

	if (FILTERS_TASKS && !filter_passes())
		return;
	buffer = open_buffers.lookup(&which);
	if (!buffer)
		return;
	text_clear(&buffer->event.text);
	text_read_user(buffer, given_at(slot, regs));
	HIDE_MEMORY_FROM_CLANG();
	/* An earlier call can have ended unseen. */
	if (!buffer->event.text.path_size) {
		given.delete(&tid);
		return;
	}
	hash = given_hash(buffer);
	given.update(&tid, &hash);
}

/* Return: the hash that was left when the call began; 0: there is none. */
static inline u64 given_end(void)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 *left = given.lookup(&tid), hash = 0;

	if (left) {
		hash = *left;
		given.delete(&tid);
	}
	return hash;
}
