/* SPDX-License-Identifier: MIT */
/* Socket addresses in words. See address_words.h. */
#define _GNU_SOURCE
#include "address_words.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "calls.h"
#include "constants.h"
#include "quote.h"

enum {
	DATA = offsetof(struct sockaddr, sa_data),
};

static void add_quoted(struct words *w, const char *bytes, size_t len)
{
	char quoted[QUOTE_STRING_MAX(CALL_STRUCT_MAX)];

	quote_bytes(quoted, bytes, len < CALL_STRUCT_MAX ? len : CALL_STRUCT_MAX);
	words_add(w, "%s", quoted);
}

/* An address without a name has no path at all. A name that begins with NUL is abstract: all its
 * bytes count. A path ends at its NUL or with the address. */
static void add_unix(struct words *w, const char *path, size_t len)
{
	if (!len)
		return;
	words_add(w, ", sun_path=%s", path[0] ? "" : "@");
	if (path[0])
		add_quoted(w, path, strnlen(path, len));
	else
		add_quoted(w, path + 1, len - 1);
}

static void add_inet(struct words *w, const char *bytes)
{
	struct sockaddr_in address;
	char text[INET_ADDRSTRLEN];

	memcpy(&address, bytes, sizeof(address));
	inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text));
	words_add(w, ", sin_port=htons(%u), sin_addr=inet_addr(\"%s\")", ntohs(address.sin_port),
		  text);
}

static void add_inet6(struct words *w, const char *bytes)
{
	struct sockaddr_in6 address;
	char text[INET6_ADDRSTRLEN];

	memcpy(&address, bytes, sizeof(address));
	inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof(text));
	words_add(w,
		  ", sin6_port=htons(%u), sin6_flowinfo=htonl(%" PRIu32
		  "), inet_pton(AF_INET6, \"%s\", &sin6_addr), sin6_scope_id=%" PRIu32,
		  ntohs(address.sin6_port), ntohl(address.sin6_flowinfo), text,
		  address.sin6_scope_id);
}

static void add_netlink(struct words *w, const char *bytes)
{
	struct sockaddr_nl address;

	memcpy(&address, bytes, sizeof(address));
	words_add(w, ", nl_pid=%" PRId32 ", nl_groups=%08" PRIx32, (int32_t)address.nl_pid,
		  (uint32_t)address.nl_groups);
}

static void add_data(struct words *w, const char *data, size_t len)
{
	words_add(w, ", sa_data=");
	add_quoted(w, data, len);
}

void address_words(struct words *w, const char *bytes, size_t len)
{
	sa_family_t family;
	const char *name;

	memcpy(&family, bytes, sizeof(family));
	name = constants_name(constants_find("families"), family, UINT64_MAX);
	if (name)
		words_add(w, "{sa_family=%s", name);
	else
		words_add(w, "{sa_family=%#x", family);
	if (family == AF_UNIX)
		add_unix(w, bytes + DATA, len - DATA);
	else if (family == AF_INET && len >= sizeof(struct sockaddr_in))
		add_inet(w, bytes);
	else if (family == AF_INET6 && len >= sizeof(struct sockaddr_in6))
		add_inet6(w, bytes);
	else if (family == AF_NETLINK && len >= sizeof(struct sockaddr_nl))
		add_netlink(w, bytes);
	else if (len > DATA)
		add_data(w, bytes + DATA, len - DATA);
	words_add(w, "}");
}
