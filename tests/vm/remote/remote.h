/* SPDX-License-Identifier: MIT */
/*
 * The format of the files by which library.c, in the guest, has compiler.c, on the host, compile:
 * one file for each compile.
 */
#ifndef REMOTE_H
#define REMOTE_H

#include <stdint.h>

/* The directory of these files in the guest. */
#define REMOTE_DIRECTORY "/run/bcc-tools-compile"

/* The length of a part that another part follows: padded, so that the next one is aligned. */
#define REMOTE_PADDED(len) (((len) + 7U) & ~7U)

enum remote_state {
	REMOTE_WRITING, /* the request, by the guest */
	REMOTE_ASKED,
	REMOTE_ANSWERED,
};

/** struct remote_head - the start of the file; the request follows, and then the reply */
struct remote_head {
	uint32_t state; /* enum remote_state; written last */
	uint32_t request_len;
	uint32_t reply_len;
};

/** struct remote_request - @nflags flags and the text follow, each with its final NUL */
struct remote_request {
	uint32_t nflags;
};

/**
 * struct remote_reply - the log (padded), the maps and the functions follow, each function with its
 * instructions right after it
 */
struct remote_reply {
	uint32_t compiled;
	uint32_t log_len;
	uint32_t nmaps;
	uint32_t nfunctions;
};

/**
 * struct remote_map - what libbcc asks bcc_create_map_xattr() for
 *
 * Instructions have the index of the map in place of its descriptor.
 */
struct remote_map {
	uint32_t type, key_size, value_size, max_entries, flags;
	int32_t inner; /* index of the map that is the type of its values; -1: none */
	char name[64];
};

struct remote_function {
	char name[120];
	uint32_t size; /* of the instructions, in bytes */
	uint32_t reserved;
};

#endif
