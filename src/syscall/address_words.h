/* SPDX-License-Identifier: MIT */
/* Socket addresses in words. */
#ifndef ADDRESS_WORDS_H
#define ADDRESS_WORDS_H

#include <stddef.h>

#include "words.h"

/**
 * address_words() - add a socket address
 * @bytes: the address; need not be aligned
 * @len:   as the call says; at least sizeof(sa_family_t), at most CALL_STRUCT_MAX
 *
 * {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}; also AF_INET6, AF_UNIX
 * and AF_NETLINK. The bytes of another family, and of an address that is too short for its family,
 * are sa_data.
 */
void address_words(struct words *w, const char *bytes, size_t len);

#endif
