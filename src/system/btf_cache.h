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

struct btf_cache;

/**
 * btf_cache_open() - read the answers that were kept for a subject
 * @subject: must be the same text, byte for byte, in the run that kept them
 *
 * Return: release with btf_cache_close(). NULL without memory; every function below takes NULL and
 * then knows nothing.
 */
struct btf_cache *btf_cache_open(const char *subject);

/**
 * btf_cache_find() - look an answer up
 * @question: as given to btf_cache_add()
 * @answer:   filled when the answer is known
 *
 * Return: whether it is known.
 */
bool btf_cache_find(const struct btf_cache *answers, const char *question, int *answer);

/** btf_cache_add() - add an answer; @question has no blanks and no line ends. */
void btf_cache_add(struct btf_cache *answers, const char *question, int answer);

/** btf_cache_close() - keep the answers if there are new ones and a cache, and release. */
void btf_cache_close(struct btf_cache *answers);

#endif
