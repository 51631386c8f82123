/* SPDX-License-Identifier: MIT */
/* Which argument of which system call points to what. See arg_parts.h. */
#define _GNU_SOURCE
#include "arg_parts.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "syscall_names.h"

_Static_assert(sizeof(struct sockaddr_storage) <= CALL_STRUCT_MAX, "room for any address");
_Static_assert(STRING_LIMIT_MAX <= (int)CALL_BYTES_MAX, "room for a buffer");

enum {
	ADDRESS = sizeof(struct sockaddr_storage),
	SIGNALS = 8, /* bytes of the kernel's signal set */
	TIMESPEC = 16,
	ACTION = 32, /* the kernel's struct sigaction: handler, flags, restorer, mask */
	RLIMIT = 16,
};

/* PART_GIVEN comes first, as in the program. */
static const struct part_rule rules[] = {
	/* what the call is given */
	{ "write:2 pwrite64:2 sendto:2 mq_timedsend:2", PART_GIVEN, 3, .show = PART_SHOW_BYTES },
	{ "setxattr:3 lsetxattr:3 fsetxattr:3", PART_GIVEN, 4, .show = PART_SHOW_BYTES },
	{ "connect:2 bind:2", PART_GIVEN, 3, ADDRESS, .show = PART_SHOW_ADDRESS },
	{ "sendto:5", PART_GIVEN, 6, ADDRESS, .show = PART_SHOW_ADDRESS },
	{ "accept:3 accept4:3 getsockname:3 getpeername:3 recvfrom:6 getsockopt:5", PART_GIVEN,
	  LENGTH_FIXED, sizeof(int), .show = PART_SHOW_LENGTH },
	{ "setsockopt:4", PART_GIVEN, 5, 2 * sizeof(int), .show = PART_SHOW_INTS },
	{ "rt_sigprocmask:2 rt_sigsuspend:1 rt_sigtimedwait:1 signalfd4:2", PART_GIVEN,
	  LENGTH_FIXED, SIGNALS, .show = PART_SHOW_SIGNALS },
	{ "rt_sigaction:2", PART_GIVEN, LENGTH_FIXED, ACTION, .show = PART_SHOW_ACTION,
	  .native = true },
	{ "prlimit64:3 setrlimit:2", PART_GIVEN, LENGTH_FIXED, RLIMIT, .show = PART_SHOW_LIMIT,
	  .native = true },
	{ "clock_nanosleep:3 nanosleep:1", PART_GIVEN, LENGTH_FIXED, TIMESPEC,
	  .show = PART_SHOW_TIME, .native = true },

	/* what it fills */
	{ "read:2 pread64:2 recvfrom:2 readlink:2 getxattr:3 lgetxattr:3 fgetxattr:3 "
	  "listxattr:2 llistxattr:2 flistxattr:2 readlinkat:3 mq_timedreceive:2",
	  PART_FILLED, LENGTH_RESULT, .show = PART_SHOW_BYTES },
	{ "getcwd:1", PART_FILLED, LENGTH_RESULT, CALL_TEXT_MAX, .show = PART_SHOW_NAME },
	{ "accept:2 accept4:2 getsockname:2 getpeername:2", PART_FILLED, LENGTH_AT + 3, ADDRESS,
	  .show = PART_SHOW_ADDRESS },
	{ "recvfrom:5", PART_FILLED, LENGTH_AT + 6, ADDRESS, .show = PART_SHOW_ADDRESS },
	{ "accept:3 accept4:3 getsockname:3 getpeername:3 recvfrom:6 getsockopt:5", PART_FILLED,
	  LENGTH_FIXED, sizeof(int), .show = PART_SHOW_LENGTH },
	{ "getsockopt:4", PART_FILLED, LENGTH_AT + 5, 2 * sizeof(int), .show = PART_SHOW_INTS },
	{ "pipe:1 pipe2:1 socketpair:4", PART_FILLED, LENGTH_FIXED, 2 * sizeof(int),
	  .show = PART_SHOW_INTS },
	{ "rt_sigprocmask:3 rt_sigpending:1", PART_FILLED, LENGTH_FIXED, SIGNALS,
	  .show = PART_SHOW_SIGNALS },
	{ "clock_gettime:2 clock_getres:2", PART_FILLED, LENGTH_FIXED, TIMESPEC,
	  .show = PART_SHOW_TIME, .native = true },
	{ "stat:2 lstat:2 fstat:2 newfstatat:3", PART_FILLED, LENGTH_FIXED, sizeof(struct stat),
	  .show = PART_SHOW_STAT, .native = true },
	{ "statx:5", PART_FILLED, LENGTH_FIXED, sizeof(struct statx), .show = PART_SHOW_STATX },
	{ "rt_sigaction:3", PART_FILLED, LENGTH_FIXED, ACTION, .show = PART_SHOW_ACTION,
	  .native = true },
	{ "prlimit64:4 getrlimit:2", PART_FILLED, LENGTH_FIXED, RLIMIT, .show = PART_SHOW_LIMIT,
	  .native = true },
	{ "getrandom:1", PART_FILLED, LENGTH_RESULT, .show = PART_SHOW_HEX },
	{ "wait4:2", PART_FILLED, LENGTH_FIXED, sizeof(int), .show = PART_SHOW_STATUS },

	{ "execve:2 execveat:3", PART_STRINGS, LENGTH_FIXED, CALL_BYTES_MAX,
	  .show = PART_SHOW_STRINGS, .native = true },
};

/* The number of the argument of @call that a rule is about; 0: none. */
static uint8_t find(const struct part_rule *rule, const char *call)
{
	size_t len = strlen(call);

	for (const char *p = rule->args; *p; p += strcspn(p, " "), p += *p == ' ')
		if (strncmp(p, call, len) == 0 && p[len] == ':')
			return (uint8_t)(p[len + 1] - '0');
	return 0;
}

size_t arg_parts_of(const char *call, struct arg_part out[CALL_PARTS])
{
	size_t n = 0;

	for (size_t i = 0; i < array_size(rules) && n < CALL_PARTS; i++) {
		uint8_t arg = find(&rules[i], call);

		if (arg)
			out[n++] = (struct arg_part){ &rules[i], arg };
	}
	return n;
}

uint16_t arg_parts_max(const struct part_rule *rule, unsigned limit)
{
	if (rule->kind == PART_STRINGS)
		return limit ? CALL_BYTES_MAX : 0;
	return rule->max ? rule->max : (uint16_t)limit;
}

/* Is a call of this name, in any ABI that shows the part, one of those wanted? */
static bool is_wanted(const struct part_rule *rule, const char *name,
		      bool (*wanted)(size_t slot, void *context), void *context)
{
	for (int abi = 0; abi < (rule->native ? ABI_NATIVE + 1 : ABI_COUNT); abi++) {
		int number = syscall_number((enum syscall_abi)abi, name);

		if (number >= 0 && number < ABI_CALLS &&
		    wanted((size_t)abi * ABI_CALLS + (size_t)number, context))
			return true;
	}
	return false;
}

static bool any_is_wanted(const struct part_rule *rule, bool (*wanted)(size_t slot, void *context),
			  void *context)
{
	char name[SYSCALL_NAME_MAX];

	for (const char *p = rule->args; *p; p += strcspn(p, " "), p += *p == ' ') {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(p, ":"), p);
		if (is_wanted(rule, name, wanted, context))
			return true;
	}
	return false;
}

unsigned arg_parts_kinds(bool (*wanted)(size_t slot, void *context), void *context, unsigned limit)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < array_size(rules); i++)
		if (!(kinds & 1u << rules[i].kind) && arg_parts_max(&rules[i], limit) &&
		    any_is_wanted(&rules[i], wanted, context))
			kinds |= 1u << rules[i].kind;
	return kinds;
}
