/* SPDX-License-Identifier: MIT */
/* A system call as a line in the shape of strace's. */
#ifndef SYSCALLS_CALL_WORDS_H
#define SYSCALLS_CALL_WORDS_H

#include "arg_words.h"
#include "call.h"
#include "quote.h"
#include "words.h"

enum {
	/* Bytes of any line: a name, arguments with theirs, all memory quoted, which takes most
	   where it is strings of no bytes, and words for an argument and the result. */
	CALL_WORDS_MAX = SYSCALL_NAME_MAX + CALL_ARGS * (SYSCALL_ARG_NAME_MAX + 64) +
			 QUOTE_STRING_MAX(CALL_PARTS * CALL_BYTES_MAX) + 2 * ARG_WORDS_MAX + 512,
};

/** call_words() - add the line, without time, process and newline. It is safe for a terminal. */
void call_words(struct words *w, const struct call *call);

#endif
