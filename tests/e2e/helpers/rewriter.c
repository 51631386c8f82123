/* SPDX-License-Identifier: MIT */
/*
 * Opens a file while another thread rewrites the path, after the kernel has read it.
 *
 *   rewriter DIR N cold|warm opened|failed
 *
 * DIR holds the FIFO `real` and another name for it, `link`. A thread opens DIR/real N times. The
 * open waits for a writer, and meanwhile the path in memory becomes DIR/fake. Then the open is let
 * go: it succeeds (opened), or a signal interrupts it (failed, EINTR). When it returns, nothing in
 * this process tells that it was about DIR/real.
 *
 * cold: the path lies in a page that the open itself brings into memory, so that it cannot be read
 * when the call begins. The program opens nothing else through openat while it runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"

enum { PAGE = 4096, NAMES_SIZE = 4 };

static const char *dir;
static char *path;
static int page_fd, stat_fd;
static atomic_int opener_tid;

static void on_signal(int number)
{
	(void)number;
}

/* A page of its own for the path; it is in memory once it has been touched. */
static void put_path(bool cold)
{
	char page[PAGE] = { 0 };

	snprintf(page, sizeof(page), "%s/real", dir);
	if (pwrite(page_fd, page, PAGE, 0) != PAGE)
		die("pwrite");
	path = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, page_fd, 0);
	if (path == MAP_FAILED)
		die("mmap");
	if (!cold)
		*(volatile char *)path = page[0];
}

/* The name is in parentheses, and the state behind it. */
static bool is_waiting(void)
{
	char text[512];
	ssize_t n = pread(stat_fd, text, sizeof(text) - 1, 0);
	const char *end;

	text[n > 0 ? n : 0] = '\0';
	end = strrchr(text, ')');
	return end && end[1] && end[2] == 'S';
}

static void *open_path(void *result)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/task/%ld/stat", syscall(SYS_gettid));
	stat_fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY);
	atomic_store(&opener_tid, (int)syscall(SYS_gettid));
	*(long *)result = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
	*(long *)result = *(long *)result < 0 ? -errno : *(long *)result;
	return NULL;
}

/* Return: a descriptor or negative errno. */
static long open_rewritten(bool cold, bool fails)
{
	char link[PAGE];
	pthread_t thread;
	int writer = -1;
	long result = 0;

	snprintf(link, sizeof(link), "%s/link", dir);
	put_path(cold);
	atomic_store(&opener_tid, 0);
	if (pthread_create(&thread, NULL, open_path, &result))
		die("pthread_create");
	while (!atomic_load(&opener_tid) || !is_waiting())
		poll(NULL, 0, 1);
	memcpy(path + strlen(dir) + 1, "fake", NAMES_SIZE);
	if (fails)
		pthread_kill(thread, SIGUSR1);
	else
		writer = open(link, O_WRONLY);
	pthread_join(thread, NULL);
	close(writer);
	close(stat_fd);
	munmap(path, PAGE);
	return result;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	long count;

	if (argc != 5)
		die_for(EINVAL, "usage");
	dir = argv[1];
	count = number(argv[2]);
	page_fd = memfd_create("page", 0);
	sigaction(SIGUSR1, &action, NULL);
	for (long i = 0; i < count; i++) {
		long result = open_rewritten(!strcmp(argv[3], "cold"), !strcmp(argv[4], "failed"));

		if ((result < 0) != !strcmp(argv[4], "failed"))
			die_for((int)-result, "openat");
		if (result >= 0)
			close((int)result);
	}
	return 0;
}
