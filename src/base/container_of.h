/* SPDX-License-Identifier: MIT */
/* From a member to the struct around it. */
#ifndef CONTAINER_OF_H
#define CONTAINER_OF_H

#include <stddef.h>

/** container_of() - the struct of @type whose member @member is at @pointer. */
#define container_of(pointer, type, member)                                                        \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
