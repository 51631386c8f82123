/* SPDX-License-Identifier: MIT */
/*
 * Answers about the kernel's types that are kept for later runs, in the same directory as compiled
 * objects (blob_cache.h). An answer is a number, and belongs to a subject: a text with everything
 * that the answers depend on. Nothing here can make a run fail; without a cache every answer is
 * unknown.
 */
#ifndef BTF_CACHE_H
#define BTF_CACHE_H

#include <stdbool.h>

struct answers;

/**
 * answers_open() - read the answers that were kept for a subject
 * @subject: must be the same text, byte for byte, in the run that kept them
 *
 * Return: release with answers_close(). NULL without memory; every function below takes NULL and
 * then knows nothing.
 */
struct answers *answers_open(const char *subject);

/**
 * answers_find() - look an answer up
 * @question: as given to answers_add()
 * @answer:   filled when the answer is known
 *
 * Return: whether it is known.
 */
bool answers_find(const struct answers *answers, const char *question, int *answer);

/** answers_add() - add an answer; @question has no blanks and no line ends. */
void answers_add(struct answers *answers, const char *question, int answer);

/** answers_close() - keep the answers if there are new ones and a cache, and release. */
void answers_close(struct answers *answers);

#endif
