/* SPDX-License-Identifier: MIT */
/*
 * What numbers among the arguments of system calls mean: which argument of which call is made of
 * which constants. The tables in arg_rules.c are all that is written by hand; names and values of
 * the constants come from the system's headers (constants.h).
 */
#ifndef ARG_RULES_H
#define ARG_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"

enum {
	ARG_RESULT = 0,    /* in place of an argument's number: what the call returns */
	ARG_RULES_MAX = 8, /* rules of one argument */
};

enum arg_show {
	SHOW_WORDS,   /* by names: O_RDONLY|O_CLOEXEC */
	SHOW_NUMBER,  /* -1 */
	SHOW_ID,      /* 1000; unsigned, but for -1 */
	SHOW_HEX,     /* 0x1f, and 0 */
	SHOW_OCTAL,   /* 0644, and 000 */
	SHOW_ADDRESS, /* 0x7f12, and NULL */
};

/**
 * struct arg_rule - what some arguments mean
 * @args:  calls with the number of the argument, from 1, or ARG_RESULT: "open:2 openat:3"
 * @show:  how to show the number
 * @field: the set of constants for the bits of @mask taken together, or NULL
 * @mask:  0: all bits that no constant of @flags has
 * @flags: the set of constants for single bits, or NULL
 * @last:  the field comes behind the flags
 * @octal: the bits without a name are permissions
 * @when:  the rule holds if the low 32 bits of this argument, from 1, are @is; 0: it always holds
 */
struct arg_rule {
	const char *args;
	enum arg_show show;
	const char *field;
	uint64_t mask;
	const char *flags;
	bool last;
	bool octal;
	uint8_t when;
	uint64_t is;
};

/** arg_rules - all rules; of those for the same argument the first one that holds counts */
extern const struct arg_rule arg_rules[];
extern const size_t arg_rules_count;

/**
 * arg_rules_of() - the rules of one argument
 * @call: name of the call, without its ABI
 * @arg:  number of the argument, from 1, or ARG_RESULT
 * @out:  filled, in order
 *
 * Return: how many.
 */
size_t arg_rules_of(const char *call, unsigned arg, const struct arg_rule *out[ARG_RULES_MAX]);

/**
 * arg_rules_used() - how many arguments of a call mean anything
 * @call:     name of the call, without its ABI
 * @declared: how many it has
 * @values:   as they were in the registers
 *
 * Without flags that make a file, the permissions given to open mean nothing; F_GETFD takes no
 * argument. What means nothing is last.
 */
size_t arg_rules_used(const char *call, size_t declared, const __u64 values[CALL_ARGS]);

#endif
