/* SPDX-License-Identifier: MIT */
/* Numbers that were once looked up with effort, and stay what they are: kept in the cache for the
 * next run. */
#ifndef BTF_CACHE_H
#define BTF_CACHE_H

#include <stdbool.h>

struct answers;

/**
 * answers_open() - what has been kept on a subject
 * @subject: all that the answers depend on, as text: it has to be the same
 * Return: never fails for want of a cache; NULL when out of memory, which all functions below take
 * for no answers.
 */
struct answers *answers_open(const char *subject);

/** answers_find() - Return: whether it is known; then *@answer. */
bool answers_find(const struct answers *answers, const char *question, int *answer);

/** answers_add() - @question: without blanks and newlines. */
void answers_add(struct answers *answers, const char *question, int answer);

/** answers_close() - keep what is new, if there is a cache, and free. */
void answers_close(struct answers *answers);

#endif
