/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a path match the pattern of --path? All positions of the pattern at once, as name_matches()
 * of lib/filter.bpf.h does for names: see there. The tool fills `path_bytes` with the elements of
 * the pattern that accept each byte.
 */
BPF_ARRAY(path_bytes, struct open_glob, 1);

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
