/* SPDX-License-Identifier: MIT */
/*
 * What this kernel says of its system calls: every call it describes is found, whatever the kernel
 * calls it. Takes the right to open tracefs: without it, it is skipped.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "syscall_args.h"
#include "syscall_names.h"
#include "tracefs.h"

#define PREFIX "sys_enter_"

enum {
	SKIPPED = 77,
	EVENTS_MAX = 1024,
};

static int tracefs = -1;

static struct syscall_args_table *read_all(void)
{
	struct syscall_args_table *table = NULL;

	assert_int_equal(syscall_args_new(&table, tracefs, NULL, NULL), 0);
	return table;
}

static const struct syscall_args *native(const struct syscall_args_table *table, const char *name)
{
	int number = syscall_number(ABI_NATIVE, name);

	assert_true(number >= 0);
	return syscall_args_of(table, (size_t)number);
}

/* Calls with the names of their events are found. Return: names of the other events, to be freed;
 * *@count. */
static char **events_left(const struct syscall_args_table *table, size_t *count)
{
	int fd = openat(tracefs, "events/syscalls", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **left = calloc(EVENTS_MAX, sizeof(*left));
	struct dirent *entry;
	DIR *dir;

	assert_true(fd >= 0 && left);
	dir = fdopendir(fd);
	assert_non_null(dir);
	*count = 0;
	while ((entry = readdir(dir))) {
		const char *name = entry->d_name + strlen(PREFIX);

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		if (syscall_number(ABI_NATIVE, name) < 0) {
			assert_true(*count < EVENTS_MAX);
			left[(*count)++] = strdup(name);
		} else if (!native(table, name)) {
			fail_msg("%s has an event and is not known", name);
		}
	}
	closedir(dir);
	return left;
}

/*
 * A name of libseccomp's is part of the kernel's function's name, or the other way round (newstat,
 * umount): so of the calls that are not known none may be like an event that has no call. What is
 * in both lists without being alike is a call that one of the two does not have.
 */
static void test_all_found(void **state)
{
	struct syscall_args_table *table = read_all();
	size_t count = 0, known = 0;
	char **left = events_left(table, &count);
	char name[SYSCALL_NAME_MAX];

	(void)state;
	for (size_t slot = 0; slot < SYSCALL_OTHER; slot++) {
		syscall_slot_name(slot, name, sizeof(name));
		if (syscall_number(ABI_NATIVE, name) != (int)slot)
			continue;
		known += syscall_args_of(table, slot) != NULL;
		for (size_t i = 0; i < count && !syscall_args_of(table, slot); i++)
			if (strstr(left[i], name) || strstr(name, left[i]))
				fail_msg("%s is not known: is it the event %s?", name, left[i]);
	}
	assert_true(known > 250);
	for (size_t i = 0; i < count; i++)
		free(left[i]);
	free(left);
	syscall_args_free(table);
}

/* A few whose arguments every kernel agrees on. */
static void check(const struct syscall_args_table *table, size_t slot, size_t count,
		  unsigned first_text, unsigned second_text)
{
	const struct syscall_args *args = syscall_args_of(table, slot);
	struct call_parts parts;

	assert_non_null(args);
	assert_int_equal(args->count, count);
	syscall_args_parts(table, slot, 0, true, &parts);
	assert_int_equal(parts.part[0].arg, first_text);
	assert_int_equal(parts.part[1].arg, second_text);
}

static size_t slot_of(enum syscall_abi abi, const char *name)
{
	int number = syscall_number(abi, name);

	assert_true(number >= 0);
	return (size_t)abi * ABI_CALLS + (size_t)number;
}

static void test_known(void **state)
{
	struct syscall_args_table *table = read_all();

	(void)state;
	check(table, slot_of(ABI_NATIVE, "openat"), 4, 2, 0);
	check(table, slot_of(ABI_NATIVE, "getpid"), 0, 0, 0);
	check(table, slot_of(ABI_NATIVE, "fstat"), 2, 0, 0);
	check(table, slot_of(ABI_NATIVE, "uname"), 1, 0, 0);
	check(table, slot_of(ABI_NATIVE, "umount2"), 2, 1, 0);
	check(table, slot_of(ABI_NATIVE, "sendfile"), 4, 0, 0);
	check(table, slot_of(ABI_NATIVE, "renameat2"), 5, 2, 4);
	check(table, slot_of(ABI_NATIVE, "mount"), 5, 1, 2);
	check(table, slot_of(ABI_NATIVE, "write"), 3, 0, 0);
	check(table, slot_of(ABI_NATIVE, "sethostname"), 2, 0, 0);
	check(table, slot_of(ABI_NATIVE, "truncate"), 2, 1, 0);
	check(table, slot_of(ABI_NATIVE, "execve"), 3, 1, 0);
	check(table, slot_of(ABI_COMPAT, "openat"), 4, 2, 0);
	assert_ptr_equal(syscall_args_of(table, slot_of(ABI_COMPAT, "openat")),
			 native(table, "openat"));
	assert_null(syscall_args_of(table, slot_of(ABI_COMPAT, "pread64")));
	assert_null(syscall_args_of(table, SYSCALL_OTHER));
	check(table, SYSCALL_NONE, 0, 0, 0);
#if defined(__x86_64__)
	assert_null(syscall_args_of(table, slot_of(ABI_COMPAT, "mmap")));
	check(table, slot_of(ABI_X32, "openat"), 4, 2, 0);
	check(table, slot_of(ABI_NATIVE, "stat"), 2, 1, 0);
#endif
	syscall_args_free(table);
}

static bool is_slot(size_t slot, void *context)
{
	return slot == *(size_t *)context;
}

/* Only what is asked for is read, and nothing stays open. */
static void test_wanted(void **state)
{
	size_t fds = open_descriptors(), slot = slot_of(ABI_COMPAT, "openat"), known = 0;
	struct syscall_args_table *table = NULL;

	(void)state;
	assert_int_equal(syscall_args_new(&table, tracefs, is_slot, &slot), 0);
	for (size_t i = 0; i < SYSCALL_SLOTS; i++)
		known += syscall_args_of(table, i) != NULL;
	assert_int_equal(known, 1);
	assert_non_null(syscall_args_of(table, slot));
	assert_int_equal(open_descriptors(), fds);
	syscall_args_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_found),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_wanted),
	};
	struct error err = ERROR_INIT;
	int failed;

	tracefs = tracefs_open(&err);
	if (tracefs < 0 || faccessat(tracefs, "events/syscalls", R_OK, 0) < 0) {
		print_message("skipped: %s\n",
			      tracefs < 0 ? err.text
					  : "the kernel does not describe its system calls");
		error_clear(&err);
		return SKIPPED;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	close(tracefs);
	return failed;
}
