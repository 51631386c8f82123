/* SPDX-License-Identifier: MIT */
/* A system call as a line in the shape of strace's. */
#ifndef SYSCALLS_CALL_WORDS_H
#define SYSCALLS_CALL_WORDS_H

#include "arg_words.h"
#include "call.h"
#include "quote.h"
#include "words.h"

enum {
	/* Bytes of any line: a name, six arguments with theirs and in words, two of them text, and
	   a result in words. */
	CALL_WORDS_MAX = SYSCALL_NAME_MAX + CALL_ARGS * (SYSCALL_ARG_NAME_MAX + 32) +
			 2 * ARG_WORDS_MAX + CALL_TEXTS * QUOTE_STRING_MAX(CALL_TEXT_MAX) + 128,
};

/** call_words() - add the line, without time, process and newline. It is safe for a terminal. */
void call_words(struct words *w, const struct call *call);

#endif
