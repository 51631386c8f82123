/* SPDX-License-Identifier: MIT */
/* What library.c, in the guest, and compiler.c, on the host, say to each other through a file: one
 * for each compile. */
#ifndef REMOTE_H
#define REMOTE_H

#include <stdint.h>

/* Where the guest has the directory of these files; it and library.c are of one build. */
#define REMOTE_DIRECTORY "/run/bcc-tools-compile"

/* What is of any length is filled up, so that what comes next is aligned. */
#define REMOTE_PADDED(len) (((len) + 7U) & ~7U)

enum remote_state {
	REMOTE_WRITING, /* the request, by the guest */
	REMOTE_ASKED,
	REMOTE_ANSWERED,
};

/** struct remote_head - at the start of the file; the request and then the reply come right after
 * it */
struct remote_head {
	uint32_t state; /* enum remote_state; written last */
	uint32_t request_len;
	uint32_t reply_len;
};

/** struct remote_request - then @nflags flags and the text, each with its final NUL */
struct remote_request {
	uint32_t nflags;
};

/** struct remote_reply - then the log (padded), the maps, and the functions, each with its
 * instructions right after it */
struct remote_reply {
	uint32_t compiled;
	uint32_t log_len;
	uint32_t nmaps;
	uint32_t nfunctions;
};

/** struct remote_map - what bcc_create_map_xattr() is asked for; in instructions, its number in
 * place of a descriptor */
struct remote_map {
	uint32_t type, key_size, value_size, max_entries, flags;
	int32_t inner; /* its number; -1: none */
	char name[64];
};

struct remote_function {
	char name[120];
	uint32_t size; /* of the instructions, in bytes */
	uint32_t reserved;
};

#endif
