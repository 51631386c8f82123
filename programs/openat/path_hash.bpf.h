/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A short id for a path, for keys and for the count of different paths: SipHash-1-3 with 128 bits
 * of result. Who does not know the seed (SIP_KEY0, SIP_KEY1) cannot make two paths with one id.
 *
 * Contract: path_read.bpf.h supplies the buffer, in which a path has been read.
 */
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

/* The verifier walks a loop time by time, so each time does more. */
#define SIP_BLOCK 32

/* The hash is of sizes and marks, then of the text, filled up with zeros. */
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
		/* Or clang counts to the minimum of both bounds, and the verifier sees no end. */
		HIDE_FROM_CLANG(i);
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
