/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a path match the pattern of --path? All positions of the pattern at once, as name_matches()
 * of lib/filter.bpf.h does for names: see there. The tool fills `path_bytes` with the elements of
 * the pattern that accept each byte.
 *
 * An open is wanted if the pattern matches the file that was opened, or the path that was given:
 * neither can hide the other. One that failed is wanted also if the pattern matches the given path
 * behind its directory.
 */
BPF_ARRAY(path_bytes, struct open_glob, 1);

#define GLOB_BEGIN 1ull

static inline u64 glob_step(const struct open_glob *glob, u64 state, u8 c)
{
	return ((state & glob->accepts[c]) << 1) | (state & glob->stars);
}

static inline u64 glob_given(const struct open_buffer *buffer, const struct open_glob *glob,
			     u64 state)
{
	for (u32 i = 0; i < OPEN_PATH_MAX; i++) {
		u8 c = buffer->bytes[i];

		if (!c)
			break;
		state = glob_step(glob, state, c);
	}
	return state;
}

#if FULL_PATH
/* Put the outermost name first, and the end at OPEN_DIR_MAX of `names`. */
static inline void turn_names(struct open_buffer *buffer)
{
	struct open_text *text = &buffer->event.text;
	u64 begin = text->path_size & (OPEN_PATH_MAX * 2 - 1);

	buffer->here.mount = 0;
	for (int i = 0; i < OPEN_DIR_DEPTH; i++) {
		u64 at, n, to;

		HIDE_MEMORY_FROM_CLANG();
		at = buffer->here.mount & (OPEN_DIR_MAX - 1);
		if (buffer->here.mount >= text->dir_size)
			break;
		n = bpf_probe_read_kernel_str(buffer->names + OPEN_DIR_MAX, NAME_SIZE,
					      buffer->bytes + begin + at);
		n &= NAME_SIZE * 2 - 1;
		at += n;
		buffer->here.mount = at;
		CLAMP_FOR_VERIFIER(n, NAME_SIZE);
		/* The NUL becomes a slash. */
		buffer->names[OPEN_DIR_MAX + ((n - 1) & (NAME_SIZE - 1))] = '/';
		to = OPEN_DIR_MAX - at;
		HIDE_FROM_CLANG(to);
		to &= OPEN_DIR_MAX - 1;
		bpf_probe_read_kernel(buffer->names + to, n, buffer->names + OPEN_DIR_MAX);
	}
}

static inline u8 name_byte(const struct open_buffer *buffer, u64 at)
{
	return buffer->names[at & (OPEN_DIR_MAX - 1)];
}

/* Bytes of the names; the NUL of the innermost is not one of them. */
static inline u64 names_size(const struct open_buffer *buffer)
{
	u64 size;

	HIDE_MEMORY_FROM_CLANG();
	size = buffer->event.text.dir_size;
	return size ? size - 1 : 0;
}

/* The verifier remembers each place where a loop can end, 8192 at most: so not at each byte. */
#define NAMES_BLOCK 4

/* The names with a slash in front of each, and not behind the last. */
static inline u64 glob_names(struct open_buffer *buffer, const struct open_glob *glob)
{
	u64 state = glob_step(glob, GLOB_BEGIN, '/'), at, blocks;

	turn_names(buffer);
	at = OPEN_DIR_MAX - buffer->event.text.dir_size;
	for (u64 i = 0; i < NAMES_BLOCK - 1; i++) {
		if (i >= names_size(buffer) % NAMES_BLOCK)
			break;
		state = glob_step(glob, state, name_byte(buffer, at + i));
	}
	at += names_size(buffer) % NAMES_BLOCK;
	blocks = names_size(buffer) / NAMES_BLOCK;
	for (u64 i = 0; i < OPEN_DIR_MAX / NAMES_BLOCK; i++) {
		HIDE_FROM_CLANG(i);
		if (i >= blocks)
			break;
		state = glob_step(glob, state, name_byte(buffer, at));
		state = glob_step(glob, state, name_byte(buffer, at + 1));
		state = glob_step(glob, state, name_byte(buffer, at + 2));
		state = glob_step(glob, state, name_byte(buffer, at + 3));
		at += NAMES_BLOCK;
	}
	return state;
}

/*
 * Rows are about files, in whatever way a file was given. One without names, such as a pipe that
 * was opened through /proc, has nothing else.
 */
static inline void drop_given(struct open_buffer *buffer)
{
	struct open_text *text = &buffer->event.text;
	u64 size = text->dir_size, begin = text->path_size & (OPEN_PATH_MAX * 2 - 1);

	if (!(text->marks & OPEN_RESOLVED) || !size)
		return;
	CLAMP_FOR_VERIFIER(size, OPEN_DIR_MAX);
	bpf_probe_read_kernel(buffer->names, size, buffer->bytes + begin);
	bpf_probe_read_kernel(buffer->bytes, size, buffer->names);
	text->path_size = 0;
	text->marks &= OPEN_HAS_DIR | OPEN_DIR_CUT | OPEN_DIR_LOST | OPEN_RESOLVED;
}

/* Names without the outermost of them do not decide. */
static inline int has_names(const struct open_text *text)
{
	return (text->marks & (OPEN_HAS_DIR | OPEN_DIR_LOST)) == OPEN_HAS_DIR;
}
#endif

static inline int path_matches(struct open_buffer *buffer)
{
	int first = 0;
	struct open_glob *glob = path_bytes.lookup(&first);
	u64 state = GLOB_BEGIN;

	if (!glob)
		return 0;
#if FULL_PATH
	if (has_names(&buffer->event.text)) {
		u64 named = glob_names(buffer, glob);

		if (!(buffer->event.text.marks & OPEN_RESOLVED))
			state |= buffer->event.text.dir_size ? glob_step(glob, named, '/') : named;
		else if (named & glob->end)
			return 1;
	}
#endif
	if (!buffer->event.text.path_size)
		return 0;
	/* Through memory, where it may be anything. */
	buffer->begin = state;
	HIDE_MEMORY_FROM_CLANG();
	return (glob_given(buffer, glob, buffer->begin) & glob->end) != 0;
}
