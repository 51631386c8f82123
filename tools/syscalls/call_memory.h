/* SPDX-License-Identifier: MIT */
/* What an argument points to, in words. */
#ifndef SYSCALLS_CALL_MEMORY_H
#define SYSCALLS_CALL_MEMORY_H

#include "call.h"
#include "words.h"

/**
 * call_memory_words() - add what argument @i points to
 *
 * Return: false, and nothing is added, if that is not known, or could not be read.
 */
bool call_memory_words(struct words *w, const struct call *call, size_t i);

#endif
