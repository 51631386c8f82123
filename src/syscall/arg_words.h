/* SPDX-License-Identifier: MIT */
/* A number that a system call takes or returns, as its rule (arg_rules.h) says. */
#ifndef ARG_WORDS_H
#define ARG_WORDS_H

#include <stdint.h>

#include "arg_rules.h"
#include "words.h"

enum {
	ARG_WORDS_MAX = 2048, /* bytes of any number in words: 64 names of 31 and more */
};

/**
 * arg_words() - add a number in words
 * @value: its bits, without a sign
 * @bytes: how many of it count: 2, 4 or 8
 *
 * Bits without a name follow as a number in hex: O_RDONLY|0x8000000. A number without any name is
 * in hex.
 */
void arg_words(struct words *w, const struct arg_rule *rule, uint64_t value, unsigned bytes);

/** arg_words_signal() - add the name of a signal: SIGCHLD, SIGRT_1; or its number in hex. */
void arg_words_signal(struct words *w, unsigned number);

/** arg_words_address() - add an address: 0x7f12, or NULL. */
void arg_words_address(struct words *w, uint64_t address);

#endif
