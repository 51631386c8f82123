/* SPDX-License-Identifier: MIT */
/* The hash of a key. See hash.h. */
#include "hash.h"

#include <sys/auxv.h>

enum {
	ROUNDS_OF_A_WORD = 1,
	ROUNDS_AT_THE_END = 3,
};

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotated(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static inline void mix(struct state *s, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotated(s->v1, 13) ^ s->v0;
		s->v3 = rotated(s->v3, 16) ^ s->v2;
		s->v0 = rotated(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotated(s->v1, 17) ^ s->v2;
		s->v3 = rotated(s->v3, 21) ^ s->v0;
		s->v2 = rotated(s->v2, 32);
	}
}

static inline void mix_word(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	mix(s, ROUNDS_OF_A_WORD);
	s->v0 ^= word;
}

uint64_t hash_with_key(const uint64_t key[2], const void *bytes, size_t len)
{
	struct state s = {
		key[0] ^ UINT64_C(0x736f6d6570736575),
		key[1] ^ UINT64_C(0x646f72616e646f6d),
		key[0] ^ UINT64_C(0x6c7967656e657261),
		key[1] ^ UINT64_C(0x7465646279746573),
	};
	size_t at = 0;
	uint64_t word;

	for (; len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, (const char *)bytes + at, sizeof(word));
		mix_word(&s, word);
	}
	/* The length tells "a" from "a\0". */
	word = (uint64_t)len << 56;
	memcpy(&word, (const char *)bytes + at, len - at);
	mix_word(&s, word);
	s.v2 ^= 0xff;
	mix(&s, ROUNDS_AT_THE_END);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/* The kernel gives every process 16 random bytes at its execve(). They cost no system call. */
uint64_t hash_bytes(const void *bytes, size_t len)
{
	/* Mutable, because it is only known at run time. All tables of the process share it. */
	static uint64_t key[2];

	if (!key[0])
		memcpy(key, (const void *)getauxval(AT_RANDOM), sizeof(key)); /* NOLINT */
	return hash_with_key(key, bytes, len);
}
