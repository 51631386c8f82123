/* SPDX-License-Identifier: MIT */
/*
 * Opens a file while another thread changes what was asked for, after the kernel has read it.
 *
 *   rewriter DIR N cold|warm opened|failed [text|cwd|dirfd|how]
 *
 * DIR holds the FIFO `real`, another name for it, `link`, and the directory `other`. A thread opens
 * DIR/real N times. The open waits for the other end of the FIFO, and meanwhile
 *
 *   text    the path in memory becomes DIR/fake
 *   cwd     the path is `real`, and the current directory, which was DIR, becomes DIR/other
 *   dirfd   the path is `real`, and the descriptor that it starts from becomes DIR/other
 *   how     of openat2, O_WRONLY becomes O_RDONLY and RESOLVE_IN_ROOT
 *
 * Then the open is let go: it succeeds (opened), or a signal interrupts it (failed, EINTR). When it
 * returns, nothing in this process tells what it was about.
 *
 * cold: the path lies in a page that the open itself brings into memory, so that it cannot be read
 * when the call begins. The program opens nothing else through openat while it runs, except DIR and
 * DIR/other at its start.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
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

enum { PAGE = 4096, NAMES_SIZE = 4, DIRFD = 100 };

enum what { TEXT, CWD, DIRECTORY_FD, HOW };

static const char *const whats[] = { "text", "cwd", "dirfd", "how" };

static const char *dir;
static enum what what;
static char *path;
static struct open_how how;
static int page_fd, stat_fd, dir_fd, other_fd;
static atomic_int opener_tid;

static void on_signal(int number)
{
	(void)number;
}

/* A page of its own for the path; it is in memory once it has been touched. */
static void put_path(bool cold)
{
	char page[PAGE] = { 0 };

	if (what == CWD || what == DIRECTORY_FD)
		snprintf(page, sizeof(page), "real");
	else
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

static long call_open(void)
{
	if (what == HOW)
		return syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	return syscall(SYS_openat, what == DIRECTORY_FD ? DIRFD : AT_FDCWD, path, O_RDONLY);
}

static void *open_path(void *result)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/task/%ld/stat", syscall(SYS_gettid));
	stat_fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY);
	atomic_store(&opener_tid, (int)syscall(SYS_gettid));
	*(long *)result = call_open();
	*(long *)result = *(long *)result < 0 ? -errno : *(long *)result;
	return NULL;
}

/* As it is when the open begins. */
static void ask(bool cold)
{
	put_path(cold);
	how = (struct open_how){ .flags = O_WRONLY };
	if (what == CWD && fchdir(dir_fd))
		die("fchdir");
	if (what == DIRECTORY_FD && dup2(dir_fd, DIRFD) != DIRFD)
		die("dup2");
}

/* As it is when the open returns. */
static void ask_otherwise(void)
{
	switch (what) {
	case TEXT:
		memcpy(path + strlen(dir) + 1, "fake", NAMES_SIZE);
		break;
	case CWD:
		if (fchdir(other_fd))
			die("fchdir");
		break;
	case DIRECTORY_FD:
		if (dup2(other_fd, DIRFD) != DIRFD)
			die("dup2");
		break;
	case HOW:
		how = (struct open_how){ .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT };
		break;
	}
}

/* Return: a descriptor or negative errno. */
static long open_rewritten(bool cold, bool fails)
{
	char link[PAGE];
	pthread_t thread;
	int end = -1;
	long result = 0;

	snprintf(link, sizeof(link), "%s/link", dir);
	ask(cold);
	atomic_store(&opener_tid, 0);
	if (pthread_create(&thread, NULL, open_path, &result))
		die("pthread_create");
	while (!atomic_load(&opener_tid) || !is_waiting())
		poll(NULL, 0, 1);
	ask_otherwise();
	if (fails)
		pthread_kill(thread, SIGUSR1);
	else
		end = open(link, what == HOW ? O_RDONLY : O_WRONLY);
	pthread_join(thread, NULL);
	close(end);
	close(stat_fd);
	munmap(path, PAGE);
	return result;
}

static void choose(const char *name)
{
	while (what < HOW && strcmp(whats[what], name) != 0)
		what++;
	if (strcmp(whats[what], name) != 0)
		die_for(EINVAL, "usage");
}

static void open_directories(void)
{
	dir_fd = open(dir, O_PATH | O_DIRECTORY);
	if (dir_fd < 0)
		die("open");
	other_fd = (int)syscall(SYS_openat, dir_fd, "other", O_PATH | O_DIRECTORY);
	if (other_fd < 0)
		die("openat");
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	long count;

	if (argc < 5 || argc > 6)
		die_for(EINVAL, "usage");
	choose(argc > 5 ? argv[5] : "text");
	dir = argv[1];
	count = number(argv[2]);
	page_fd = memfd_create("page", 0);
	open_directories();
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
