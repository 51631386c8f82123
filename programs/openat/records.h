/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Opened files, as bcc-openat's programs tell of them: which call, which path, one by one or under a short name. */
#ifndef OPENS_H
#define OPENS_H

#include <linux/types.h>

#include "lib/syscalls.h"

enum {
	OPEN_PATH_MAX = 4096,       /* bytes of a path as it was given, its NUL included: the kernel takes no longer one */
	OPEN_DIR_MAX = 4096,        /* bytes of the directory it starts from */
	OPEN_DIR_DEPTH = 128,       /* names, and roots of file systems, on the way up from there */
	OPEN_TEXT_MAX = OPEN_PATH_MAX + OPEN_DIR_MAX,
	OPEN_TEXT_SHORT = 192,      /* most are shorter than this */
	OPEN_COMM = 16,
	OPEN_CPUS = 1 << 14,        /* beyond that a key's CPU has the hook too: what io_uring does has rows of its own */
	OPEN_DISTINCT_BITS = 10,
	OPEN_DISTINCT = 1 << OPEN_DISTINCT_BITS,
};

/* Slots, beyond those of system calls, for opens that are none: requests to an io_uring. */
enum open_slot {
	OPEN_URING_OPENAT = SYSCALL_SLOTS,
	OPEN_URING_OPENAT2,
	OPEN_SLOTS,
};

enum open_mark {
	OPEN_HAS_DIR = 1,  /* the directory that the path starts from follows it; no names: it is the root */
	OPEN_DIR_CUT = 2,  /* outer names of it are not there */
	OPEN_PATH_CUT = 4, /* more of the path is not there */
	OPEN_NO_ARGS = 8,  /* what was asked for is not known, nor how it ended */
	OPEN_NO_RESULT = 16, /* how it ends will not be told unless it fails */
};

/**
 * struct open_text - a path; its bytes follow
 * @path_size: bytes of the path as it was given, its NUL included unless it is cut; 0: not known
 * @dir_size:  bytes of the directory behind it: names, innermost first, each with its NUL
 * @marks:     enum open_mark
 */
struct open_text {
	__u16 path_size;
	__u16 dir_size;
	__u16 marks;
	__u16 zero;
};

/** struct open_text_short, struct open_text_long - values of the tables that say what ids stand for */
struct open_text_short {
	struct open_text text;
	char bytes[OPEN_TEXT_SHORT];
};

struct open_text_long {
	struct open_text text;
	char bytes[OPEN_TEXT_MAX];
};

/**
 * struct open_glob - a pattern for paths, as src/glob.h takes it apart
 * @accepts: for each byte, the elements of the pattern that it matches
 * @stars:   the elements in front of which a star stands
 * @end:     the one behind the last
 */
struct open_glob {
	__u64 accepts[256];
	__u64 stars;
	__u64 end;
};

/**
 * struct open_request - an open that was asked of an io_uring
 * @time_ns: when
 * @flags:   enum open_request_flag
 */
struct open_request {
	__u64 time_ns;
	__u64 flags;
};

enum open_request_flag {
	REQUEST_OTHER = 1, /* of nobody who counts */
};

/**
 * struct open_event - a file that has been opened, or has not
 * @time_ns:     CLOCK_MONOTONIC, when the call returned
 * @duration_ns: since its beginning; 0: that was not seen
 * @ret:         descriptor, or negative errno
 * @flags:       O_...
 * @mode:        permissions of a file that is made
 * @dirfd:       what a relative path starts from; AT_FDCWD also for calls that have none
 * @pid, @tid:   process and thread, as the tool's PID namespace knows them
 * @uid:         real user id
 * @call:        slot, see syscalls.h and enum open_slot
 * @again:       used in the program only
 * @comm:        not NUL-terminated when 16 long
 */
struct open_event {
	__u64 time_ns;
	__u64 duration_ns;
	__s64 ret;
	__u64 flags;
	__u32 mode;
	__s32 dirfd;
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__u16 call;
	__u16 again;
	char comm[OPEN_COMM];
	struct open_text text;
};

/**
 * struct open_path_id - a path in a key: 128 bits of a hash whose seed is new in each run
 * Two paths with one id are not to be expected in the lifetime of a machine; 0, 0 is a path that is not known.
 */
struct open_path_id {
	__u64 half[2];
};

_Static_assert(sizeof(struct open_text) == 8, "same layout on both sides");
_Static_assert(sizeof(struct open_event) == 80, "same layout on both sides");
_Static_assert(sizeof(struct open_path_id) == 16, "same layout on both sides");

#endif
