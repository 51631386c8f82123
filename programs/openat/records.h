/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Opened files, as bcc-openat's programs tell of them. */
#ifndef PROGRAMS_OPENAT_RECORDS_H
#define PROGRAMS_OPENAT_RECORDS_H

#include <linux/types.h>

#include "lib/syscalls.h"

enum {
	OPEN_PATH_MAX = 4096, /* bytes of a path with its NUL: the kernel takes no longer one */
	OPEN_DIR_MAX = 4096,  /* bytes of the directory it starts from */
	OPEN_DIR_DEPTH = 128, /* names, and roots of file systems, on the way up from there */
	OPEN_TEXT_MAX = OPEN_PATH_MAX + OPEN_DIR_MAX,
	OPEN_TEXT_SHORT = 192, /* most are shorter than this */
	OPEN_COMM = 16,
};

enum {
	/* A key's CPU from here on is one of io_uring's hooks, which have rows of their own. */
	OPEN_CPUS = 1 << 14,
};

/* Registers that estimate how many different paths there were. */
enum {
	OPEN_DISTINCT_BITS = 10,
	OPEN_DISTINCT = 1 << OPEN_DISTINCT_BITS,
};

/* Slots behind those of system calls, for requests to an io_uring. */
enum open_slot {
	OPEN_URING_OPENAT = SYSCALL_SLOTS,
	OPEN_URING_OPENAT2,
	OPEN_SLOTS,
};

/* Flags that could not be read: those of openat2 are in the program's memory. No open has it. */
#define OPEN_FLAGS_UNKNOWN (1ull << 63)

enum open_mark {
	OPEN_HAS_DIR = 1,    /* the directory follows the path; without names it is the root */
	OPEN_DIR_CUT = 2,    /* outer names of the directory are missing */
	OPEN_PATH_CUT = 4,   /* the end of the path is missing */
	OPEN_NO_ARGS = 8,    /* what was asked for is not known, nor how it ended */
	OPEN_NO_RESULT = 16, /* how it ends will not be told unless it fails */
	OPEN_RESOLVED = 32,  /* the names are those of the file that was opened, its own first */
	OPEN_DIR_LOST = 64, /* outer names are missing since there are too many, or too long ones */
	OPEN_RING_SLOT = 128, /* the result is not a descriptor but a slot of the io_uring */
	OPEN_IN_ROOT = 256,   /* an absolute path starts from the directory, too: RESOLVE_IN_ROOT */
	OPEN_UNSURE = 512, /* the path can have been rewritten, so the names are there to compare */
};

/* A path; its bytes follow. */
struct open_text {
	__u16 path_size; /* bytes of the path, with its NUL unless it is cut; 0: not known */
	__u16 dir_size;  /* bytes of the directory: names, innermost first, each with its NUL */
	__u16 marks;     /* enum open_mark */
	__u16 zero;
};

/* Values of the tables that say what the ids of paths stand for. */
struct open_text_short {
	struct open_text text;
	char bytes[OPEN_TEXT_SHORT];
};

struct open_text_long {
	struct open_text text;
	char bytes[OPEN_TEXT_MAX];
};

/* A pattern for paths, as src/base/glob.h takes it apart. */
struct open_glob {
	__u64 accepts[256]; /* for each byte, the elements of the pattern that it matches */
	__u64 stars;        /* the elements in front of which a star stands */
	__u64 end;          /* the one behind the last */
};

/* An open that was asked of an io_uring. */
struct open_request {
	__u64 time_ns;
	__u64 flags; /* enum open_request_flag */
};

enum open_request_flag {
	REQUEST_OTHER = 1, /* of a task that does not count */
};

/* A file that has been opened, or has not. */
struct open_event {
	__u64 time_ns;     /* CLOCK_MONOTONIC, when the call returned */
	__u64 duration_ns; /* since its beginning; 0: that was not seen */
	__s64 ret;         /* descriptor, or negative errno */
	__u64 flags;       /* O_... */
	__u32 mode;        /* permissions of a file that is made */
	__s32 dirfd;       /* what a relative path starts from; AT_FDCWD for calls without */
	__u32 pid;         /* process and thread, as the tool's PID namespace knows them */
	__u32 tid;
	__u32 uid;               /* real user id */
	__u16 call;              /* slot, see syscalls.h and enum open_slot */
	__u16 counted_at_submit; /* for the program only */
	char comm[OPEN_COMM];    /* without a NUL when 16 long */
	struct open_text text;
};

/*
 * A path in a key: 128 bits of a hash whose seed is new in each run, so that no two paths with one
 * id are to be expected. 0, 0 is a path that is not known.
 */
struct open_path_id {
	__u64 half[2];
};

_Static_assert(sizeof(struct open_text) == 8, "same layout on both sides");
_Static_assert(sizeof(struct open_event) == 80, "same layout on both sides");
_Static_assert(sizeof(struct open_path_id) == 16, "same layout on both sides");

#endif
