/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What arguments of a call point to: buffers, socket addresses, the strings of argv.
 *
 * What a call is given is read at its beginning, and kept by thread until its return: another
 * thread may change it meanwhile. Memory that was never touched cannot be read at the beginning; it
 * is read at the return then, when the kernel has read it. What a call fills is read at its return.
 *
 * Contract: stream.bpf.c supplies struct call_buffer and the map parts.
 */

/* 1: some call has a part of the kind PART_GIVEN, of that or PART_FILLED, of PART_STRINGS. */
#ifndef READ_GIVEN
#define READ_GIVEN 0
#endif
#ifndef READ_BYTES
#define READ_BYTES 0
#endif
#ifndef READ_STRINGS
#define READ_STRINGS 0
#endif
#ifndef GIVEN_FIRST
#define GIVEN_FIRST CALL_STRUCT_MAX
#endif
#define STRINGS_MAX 32    /* strings of an argv that are read */
#define STRINGS_ROOM 2048 /* and about how many bytes of them */

/* Argument @number, from 1. Written out: the verifier knows no bounds of an index on the way. */
static inline u64 arg_number(const u64 *args, int number)
{
	switch (number) {
	case 1:
		return args[0];
	case 2:
		return args[1];
	case 3:
		return args[2];
	case 4:
		return args[3];
	case 5:
		return args[4];
	default:
		return args[5];
	}
}

/* Argument @number of the call that returns, from 1; of another number anything. */
static inline u64 buffer_arg(struct call_buffer *buffer, u32 number)
{
	u64 *words = (u64 *)buffer->event.args;
	u32 i = number - 1;

	HIDE_FROM_CLANG(i);
	return words[i & 7];
}

/* As many bytes as are wanted of those that there are. */
static inline u64 at_most(u64 n, struct call_part *part)
{
	u64 most = part->max;

	return n > most ? most : n;
}

/* Bytes that a part has, as the arguments say. */
static inline u64 given_length(struct call_part *part, const u64 *args)
{
	return at_most(part->length ? arg_number(args, part->length) : part->max, part);
}

/* The same at the return, which may be what says it. */
static inline u64 part_length(struct call_buffer *buffer, struct call_part *part)
{
	u64 n = part->max;
	u32 there = 0;

	if (part->length >= LENGTH_AT) {
		bpf_probe_read_user(&there, sizeof(there),
				    (void *)buffer_arg(buffer, part->length - LENGTH_AT));
		n = there;
	} else if (part->length == LENGTH_RESULT) {
		n = buffer->event.ret;
	} else if (part->length) {
		n = buffer_arg(buffer, part->length);
	}
	return at_most(n, part);
}

/* The parts that the call of a thread was given. GIVEN_FIRST is no less than the longest one. */
struct call_given {
	u64 began_ns; /* when that call began: the parts of another one do not count */
	u32 size[CALL_GIVEN];
	char first[GIVEN_FIRST];
	char second[CALL_STRUCT_MAX];
};

#if READ_GIVEN
/* By thread. */
BPF_TABLE("lru_hash", u32, struct call_given, givens, GIVENS_MAX);
/* An entry to begin with. */
BPF_PERCPU_ARRAY(no_given, struct call_given, 1);

static inline u32 read_given(struct call_part *part, const u64 *args, char *bytes, u64 room)
{
	u64 n = given_length(part, args);

	CLAMP_FOR_VERIFIER(n, room);
	if (part->kind != PART_GIVEN ||
	    bpf_probe_read_user(bytes, n, (void *)arg_number(args, part->arg)))
		return 0;
	return n;
}

/* A call begins. */
static inline void keep_given(int slot, const u64 *args, u64 began_ns)
{
	struct call_parts *of_call = parts.lookup(&slot);
	u32 tid = bpf_get_current_pid_tgid();
	int first = 0;
	struct call_given *given, *fresh = no_given.lookup(&first);

	if (!of_call || of_call->part[0].kind != PART_GIVEN || !fresh)
		return;
	given = givens.lookup(&tid);
	if (!given) {
		givens.update(&tid, fresh);
		given = givens.lookup(&tid);
	}
	if (!given)
		return;
	given->began_ns = began_ns;
	given->size[0] = read_given(&of_call->part[0], args, given->first, GIVEN_FIRST);
	given->size[1] = read_given(&of_call->part[1], args, given->second, CALL_STRUCT_MAX);
}

/* Return: what was kept of the call that returns; 0: nothing. */
static inline struct call_given *given_of(u64 began_ns)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct call_given *given = givens.lookup(&tid);

	return given && began_ns && given->began_ns == began_ns ? given : 0;
}
#else
static inline void keep_given(int slot, const u64 *args, u64 began_ns)
{
}

static inline struct call_given *given_of(u64 began_ns)
{
	return 0;
}
#endif

/* Copy part @i as it was at the beginning. Return: its bytes; 0: it was not read then. */
static inline u64 copy_given(struct call_buffer *buffer, u64 size, int i)
{
	struct call_given *given = given_of(buffer->began_ns);
	u64 n;

	if (!given)
		return 0;
	n = given->size[i];
	CLAMP_FOR_VERIFIER(n, i ? CALL_STRUCT_MAX : GIVEN_FIRST);
	return bpf_probe_read_kernel(buffer->memory + size, n, i ? given->second : given->first)
		       ? 0
		       : n;
}

/* A part that is bytes. Return: how many. */
static inline u64 read_bytes(struct call_buffer *buffer, u64 size, struct call_part *part, int i)
{
	u64 n = 0;

	if (part->kind == PART_FILLED && error_of(buffer->event.ret))
		return 0;
	if (READ_GIVEN && i < CALL_GIVEN && part->kind == PART_GIVEN)
		n = copy_given(buffer, size, i);
	if (n)
		return n;
	n = part_length(buffer, part);
	/* A comparison is not enough: where the result is an error, the verifier of 5.10 follows
	   a path on which no length is right. */
	HIDE_FROM_CLANG(n);
	n &= CALL_BYTES_MAX - 1;
	if (bpf_probe_read_user(buffer->memory + size, n, (void *)buffer_arg(buffer, part->arg)))
		return 0;
	return n;
}

#if READ_STRINGS
/* The strings of an argv. @more: there are others, or they could not be read. */
struct exec_strings {
	u64 began_ns; /* when the call began that they are of */
	u32 size;
	u32 more;
	char bytes[STRINGS_ROOM];
};
struct exec_strings_buffer {
	struct exec_strings strings;
	char last[STRINGS_ROOM]; /* a string that begins within that room may end in this */
};
/* By thread: the argv of an execve, which the new program's memory has no more. */
BPF_TABLE("lru_hash", u32, struct exec_strings, exec_strings, EXECS_MAX);
/* Where such an argv is read to, on its way there. */
BPF_PERCPU_ARRAY(strings_buffers, struct exec_strings_buffer, 1);

/*
 * Append strings behind @from bytes, until @end or more. Return: where they end; *@more: they are
 * not all; *@bad: one could not be read.
 */
static inline u64 append_strings(char *bytes, u64 from, u64 end, u64 array, u32 *more, int *bad)
{
	u64 at = from;

	*more = 1;
	for (u32 i = 0; i < STRINGS_MAX; i++) {
		u64 pointer = 0;
		s64 n;

		if (bpf_probe_read_user(&pointer, sizeof(pointer), (void *)(array + i * 8))) {
			*bad = 1;
			break;
		}
		if (!pointer) {
			*more = 0;
			break;
		}
		HIDE_FROM_CLANG(at);
		if (at >= end)
			break;
		n = bpf_probe_read_user_str(bytes + at, STRINGS_ROOM, (void *)pointer);
		if (n < 0) {
			*bad = 1;
			break;
		}
		/* Before Linux 6.2 the NUL of an empty string does not count. */
		if (!n) {
			bytes[at] = 0;
			n = 1;
		}
		at += n;
		if (n == STRINGS_ROOM)
			break;
	}
	return at;
}

/* An exec begins. What cannot be read yet is left to its return. */
static inline void keep_strings(int slot, const u64 *args, u64 began_ns)
{
	struct call_parts *of_call = parts.lookup(&slot);
	u32 tid = bpf_get_current_pid_tgid();
	int first = 0, bad = 0;
	struct exec_strings_buffer *buffer = strings_buffers.lookup(&first);
	u64 size;

	if (!of_call || of_call->part[1].kind != PART_STRINGS || !buffer)
		return;
	size = append_strings(buffer->strings.bytes, 0, STRINGS_ROOM,
			      arg_number(args, of_call->part[1].arg), &buffer->strings.more, &bad);
	if (bad)
		size = 0;
	if (size > STRINGS_ROOM) {
		size = STRINGS_ROOM;
		buffer->strings.more = 1;
	}
	buffer->strings.size = size;
	buffer->strings.began_ns = began_ns;
	exec_strings.update(&tid, &buffer->strings);
}

/* The running thread had another id before it executed a program. */
static inline void strings_move(u32 old_tid)
{
	u32 tid = bpf_get_current_pid_tgid();
	int first = 0;
	struct exec_strings_buffer *buffer = strings_buffers.lookup(&first);
	struct exec_strings *kept;

	if (tid == old_tid || !buffer)
		return;
	kept = exec_strings.lookup(&old_tid);
	if (kept && !bpf_probe_read_kernel(&buffer->strings, sizeof(*kept), kept))
		exec_strings.update(&tid, &buffer->strings);
}

/* Those that were read at the beginning. Return: their bytes; 0: they were not. */
static inline u64 read_kept_strings(struct call_buffer *buffer, u64 size)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct exec_strings *kept = exec_strings.lookup(&tid);
	u64 n;

	if (!kept || !buffer->began_ns || kept->began_ns != buffer->began_ns)
		return 0;
	n = kept->size;
	CLAMP_FOR_VERIFIER(n, STRINGS_ROOM);
	if (bpf_probe_read_kernel(buffer->memory + size, n, kept->bytes))
		return 0;
	if (n && kept->more)
		buffer->event.flags |= CALL_MORE_ARGV;
	return n;
}

/* The arguments that a program has been executed with, in its memory: for a script, those of its
 * interpreter. */
static inline u64 read_new_strings(struct call_buffer *buffer, u64 size)
{
	struct mm_struct *mm = READ_CURRENT(CURRENT_TASK(), mm);
	u64 start = READ_CURRENT(mm, arg_start), n = READ_CURRENT(mm, arg_end) - start;

	if (n > STRINGS_ROOM)
		buffer->event.flags |= CALL_MORE_ARGV;
	CLAMP_FOR_VERIFIER(n, STRINGS_ROOM);
	return bpf_probe_read_user(buffer->memory + size, n, (void *)start) ? 0 : n;
}

/* Those of an exec that failed. */
static inline u64 read_old_strings(struct call_buffer *buffer, u64 size, u64 array)
{
	struct mm_struct *mm = READ_CURRENT(CURRENT_TASK(), mm);
	u32 more = 0;
	int bad = 0;
	u64 end;

	/* The old program's memory is gone, and the new one's can be made to look like it. */
	if (!READ_CURRENT(mm, arg_end))
		return 0;
	end = append_strings(buffer->memory, size, CALL_MEMORY_MAX, array, &more, &bad);
	if (more)
		buffer->event.flags |= CALL_MORE_ARGV;
	return end - size;
}

static inline u64 read_strings(struct call_buffer *buffer, u64 size, u64 array)
{
	u64 n = read_kept_strings(buffer, size);

	if (n)
		return n;
	if (!error_of(buffer->event.ret))
		return read_new_strings(buffer, size);
	return read_old_strings(buffer, size, array);
}
#else
static inline void keep_strings(int slot, const u64 *args, u64 began_ns)
{
}

static inline void strings_move(u32 old_tid)
{
}

static inline u64 read_strings(struct call_buffer *buffer, u64 size, u64 array)
{
	return 0;
}
#endif
