/* SPDX-License-Identifier: MIT */
/*
 * A file of the cache of compiled programs: as given, and with a right checksum, because damage
 * alone does not get past the checksum. What the reader takes lies within the file and belongs to
 * the text.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "blob_cache.h"
#include "fuzz.h"

enum {
	TRAILER = 32, /* magic, checksum, three lengths, zero */
};

static void check(const uint8_t *bytes, size_t len, const char *text)
{
	size_t elf_len = SIZE_MAX;

	if (blob_cache_unpack((const char *)bytes, len, text, &elf_len)) {
		HOLDS(elf_len + strlen(text) + TRAILER <= len);
		HOLDS(memcmp(bytes + elf_len, text, strlen(text)) == 0);
	}
}

/*
 * Builds the trailer from eight bytes: lengths that are nearly right as a rule, and a magic number
 * that may be wrong. What comes before the trailer follows.
 */
static void check_sealed(struct input input, const char *text)
{
	uint32_t lengths[4] = { 0 };
	uint64_t magic = 0x31656863616362ULL ^ (input_number(&input, 1) == 0xff),
		 sum = 0xcbf29ce484222325ULL;
	size_t at = input_number(&input, 2), body;
	uint8_t *bytes, *file;

	lengths[2] = (uint32_t)input_number(&input, 1);
	lengths[1] = (uint32_t)(strlen(text) + (input_number(&input, 1) == 0xff));
	bytes = input_bytes(&input, input.left, &body);
	if (at < body && body - at >= strlen(text))
		memcpy(bytes + at, text, strlen(text));
	lengths[0] = (uint32_t)(body - lengths[1] - lengths[2]);
	for (size_t i = 0; i < body; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3ULL;
	file = malloc(body + TRAILER);
	HOLDS(file);
	memcpy(file, bytes, body);
	memcpy(file + body, &magic, sizeof(magic));
	memcpy(file + body + 8, &sum, sizeof(sum));
	memcpy(file + body + 16, lengths, sizeof(lengths));
	check(file, body + TRAILER, text);
	free(file);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] = "int x;\n";
	struct input input = { data, size };
	size_t len;
	uint8_t *bytes = input_bytes(&input, size, &len);

	check(bytes, len, text);
	check(bytes, len, "");
	free(bytes);
	check_sealed((struct input){ data, size }, text);
	return 0;
}
