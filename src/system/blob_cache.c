/* SPDX-License-Identifier: MIT */
/* A cache of compiled objects. See blob_cache.h. */
#define _GNU_SOURCE
#include "blob_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

static const char suffix[] = ".bpf.o";
static const uint64_t magic = 0x31656863616362ULL; /* "bcache1" */

enum {
	FILE_MAX = 16 << 20,
	NAME_LEN = 16 + sizeof(suffix), /* a 64-bit number in hexadecimal */
};

/* The last bytes of a file. Before it come the ELF file, the text and the origin, in this order. */
struct trailer {
	uint64_t magic;
	uint64_t checksum; /* of everything before the trailer */
	uint32_t elf_len;
	uint32_t text_len;
	uint32_t origin_len;
	uint32_t reserved;
};

/*
 * FNV-1a. It finds damage. It need not resist forgery: only root can write the file, and root could
 * replace the tool itself.
 */
static uint64_t checksum(uint64_t sum, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)bytes[i]) * 0x100000001b3ULL;
	return sum;
}

#define CHECKSUM_START 0xcbf29ce484222325ULL

static void file_name(const char *text, char *name)
{
	snprintf(name, NAME_LEN, "%016" PRIx64 "%s", checksum(CHECKSUM_START, text, strlen(text)),
		 suffix);
}

static bool only_root_writes(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == 0 && !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/*
 * Open the directories one by one and check each: nobody but root can have put another one in its
 * place.
 */
int blob_cache_open(void)
{
	static const char *const steps[] = { "var", "cache", "bcc-tools" };
	cleanup_close int dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (geteuid() != 0)
		return -1;
	for (size_t i = 0; i < array_size(steps); i++) {
		bool last = i == array_size(steps) - 1;
		int next;

		if (dir < 0 || !only_root_writes(dir))
			return -1;
		if (last && mkdirat(dir, steps[i], 0700) < 0 && errno != EEXIST)
			return -1;
		next = openat(dir, steps[i],
			      (last ? O_RDONLY : O_PATH) | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(dir);
		dir = next;
	}
	return dir >= 0 && only_root_writes(dir) ? steal_fd(&dir) : -1;
}

static char *read_file(int dir, const char *name, size_t *len)
{
	cleanup_close int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	cleanup_free char *bytes = NULL;
	struct stat st;

	if (fd < 0 || !only_root_writes(fd) || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size == 0 || st.st_size > FILE_MAX)
		return NULL;
	bytes = malloc((size_t)st.st_size);
	if (!bytes || read(fd, bytes, (size_t)st.st_size) != st.st_size)
		return NULL;
	/* The modification time says when the file was last used: walk() finds the oldest. */
	futimens(fd, NULL);
	*len = (size_t)st.st_size;
	return steal_pointer(&bytes);
}

/* Are the files of an origin still the same? Its lines are "path size seconds.nanoseconds". */
static bool origin_holds(const char *origin, size_t len)
{
	cleanup_free char *copy = strndup(origin, len);
	char *rest = copy, *line;

	while (copy && (line = strsep(&rest, "\n"))) {
		char *space = strchr(line, ' '), now[128];

		if (!*line)
			continue;
		if (!space)
			return false;
		*space = '\0';
		if (file_identity(line, now, sizeof(now)) < 0 || strcmp(now, space + 1) != 0)
			return false;
	}
	return copy != NULL;
}

bool blob_cache_unpack(const char *bytes, size_t len, const char *text, size_t *elf_len)
{
	struct trailer t;
	size_t body;

	if (len < sizeof(t))
		return false;
	body = len - sizeof(t);
	memcpy(&t, bytes + body, sizeof(t));
	if (t.magic != magic || (uint64_t)t.elf_len + t.text_len + t.origin_len != body ||
	    t.checksum != checksum(CHECKSUM_START, bytes, body))
		return false;
	if (t.text_len != strlen(text) || memcmp(bytes + t.elf_len, text, t.text_len) != 0)
		return false;
	*elf_len = t.elf_len;
	return origin_holds(bytes + t.elf_len + t.text_len, t.origin_len);
}

bool blob_cache_find(int dir, const char *text, struct blob *output)
{
	cleanup_free char *bytes = NULL;
	size_t len, elf_len;
	char name[NAME_LEN];

	file_name(text, name);
	bytes = read_file(dir, name, &len);
	if (!bytes || !blob_cache_unpack(bytes, len, text, &elf_len))
		return false;
	*output = (struct blob){ .bytes = steal_pointer(&bytes), .len = elf_len };
	return true;
}

static bool is_ours(const char *name)
{
	size_t len = strlen(name);

	return len == NAME_LEN - 1 && strcmp(name + len - strlen(suffix), suffix) == 0;
}

/*
 * Visit the files of the cache, and remove them if asked to.
 * @oldest: filled with the name of the file that was not used for longest; or NULL
 * Return: how many files there are.
 */
static unsigned walk(int dir, bool remove, char *oldest)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct timespec least = { 0 };
	unsigned count = 0;
	struct dirent *entry;

	if (!stream && copy >= 0)
		close(copy);
	while (stream && (entry = readdir(stream))) {
		struct stat st;

		if (!is_ours(entry->d_name) ||
		    fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (remove)
			unlinkat(dir, entry->d_name, 0);
		if (oldest && (!count || st.st_mtim.tv_sec < least.tv_sec)) {
			least = st.st_mtim;
			snprintf(oldest, NAME_LEN, "%s", entry->d_name);
		}
		count++;
	}
	if (stream)
		closedir(stream);
	return count;
}

static bool write_file(int fd, const char *text, const struct blob *output)
{
	struct trailer t = {
		.magic = magic,
		.checksum = CHECKSUM_START,
		.elf_len = (uint32_t)output->len,
		.text_len = (uint32_t)strlen(text),
		.origin_len = (uint32_t)output->origin_len,
	};
	const struct {
		const void *bytes;
		size_t len;
	} parts[] = {
		{ output->bytes, output->len },
		{ text, t.text_len },
		{ output->origin, output->origin_len },
	};

	for (size_t i = 0; i < array_size(parts); i++) {
		t.checksum = checksum(t.checksum, parts[i].bytes, parts[i].len);
		if (write(fd, parts[i].bytes, parts[i].len) != (ssize_t)parts[i].len)
			return false;
	}
	return write(fd, &t, sizeof(t)) == sizeof(t);
}

/*
 * Give an unnamed file its name. A file that has this name already could not be used: replace it.
 */
static bool give_name(int fd, int dir, const char *name)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, link, dir, name, AT_SYMLINK_FOLLOW) == 0)
		return true;
	return errno == EEXIST && unlinkat(dir, name, 0) == 0 &&
	       linkat(AT_FDCWD, link, dir, name, AT_SYMLINK_FOLLOW) == 0;
}

/*
 * Other runs see a whole file or none. The file has no name (O_TMPFILE) until it is complete, so a
 * process that is killed leaves nothing behind. A file system without O_TMPFILE (overlayfs before
 * 6.3) gets a file named after this process, which is renamed.
 */
void blob_cache_keep(int dir, const char *text, const struct blob *output)
{
	cleanup_close int fd = -1;
	char name[NAME_LEN], temporary[NAME_LEN], oldest[NAME_LEN];

	if (walk(dir, false, oldest) >= BLOB_CACHE_FILES_MAX)
		unlinkat(dir, oldest, 0);
	file_name(text, name);
	snprintf(temporary, sizeof(temporary), "%016x%s", (unsigned)getpid(), suffix);
	fd = openat(dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (write_file(fd, text, output))
			give_name(fd, dir, name);
		return;
	}
	unlinkat(dir, temporary, 0); /* left by a killed process that had the same id */
	fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (!write_file(fd, text, output) || renameat(dir, temporary, dir, name) < 0)
		unlinkat(dir, temporary, 0);
}

unsigned blob_cache_clear(int dir)
{
	return walk(dir, true, NULL);
}
