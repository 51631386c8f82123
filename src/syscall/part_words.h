/* SPDX-License-Identifier: MIT */
/* Structures that arguments of system calls point to, in words. Bytes need not be aligned. */
#ifndef PART_WORDS_H
#define PART_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "words.h"

/** part_words_bytes() - add bytes in quotes; @cut: dots behind, as there are more. */
void part_words_bytes(struct words *w, const char *bytes, size_t len, bool cut);

/** part_words_strings() - add strings that each end in NUL: ["ls", "-l"]
 * @limit: bytes of a string, and strings, to show; dots stand for what is left
 * @more:  there are more than these
 *
 * The last one need not end in NUL: it is cut then.
 */
void part_words_strings(struct words *w, const char *bytes, size_t len, size_t limit, bool more);

/** part_words_ints() - add an array of int: [3, 4] */
void part_words_ints(struct words *w, const char *bytes, size_t len);

/** part_words_signals() - add the kernel's set of signals, 8 bytes: [INT CHLD], or ~[KILL] */
void part_words_signals(struct words *w, const char *bytes);

/** part_words_time() - add a struct timespec of the kernel's own ABI, 16 bytes */
void part_words_time(struct words *w, const char *bytes);

/** part_words_hex() - add bytes in quotes, each in hex; @cut: dots behind */
void part_words_hex(struct words *w, const char *bytes, size_t len, bool cut);

/** part_words_stat() - add type, permissions, and size or device, of a struct stat */
void part_words_stat(struct words *w, const char *bytes);

/** part_words_statx() - add these and what else is there, of a struct statx */
void part_words_statx(struct words *w, const char *bytes);

/** part_words_limit() - add two limits of 64 bits */
void part_words_limit(struct words *w, const char *bytes);

/** part_words_action() - add the kernel's struct sigaction of its own ABI */
void part_words_action(struct words *w, const char *bytes);

/** part_words_status() - add the status of a process that was waited for */
void part_words_status(struct words *w, int status);

#endif
