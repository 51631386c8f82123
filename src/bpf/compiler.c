/* SPDX-License-Identifier: MIT */
/* C text to object, by libbcc and its clang, in a forked child. See compiler.h. */
#define _GNU_SOURCE
#include "compiler.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capabilities.h"
#include "cleanup.h"
#include "compiler_child.h"
#include "compiler_sandbox.h"
#include "lib/arch.h"
#include "scratch_dir.h"
#include "version.h"

/* Return: the content of a memfd on the heap, NUL-terminated; NULL if it cannot be read. */
static char *read_all(int fd, size_t *len)
{
	struct stat st;
	char *bytes;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return NULL;
	bytes = malloc((size_t)st.st_size + 1);
	if (!bytes)
		return NULL;
	n = pread(fd, bytes, (size_t)st.st_size, 0);
	if (n < 0) {
		free(bytes);
		return NULL;
	}
	bytes[n] = '\0';
	*len = (size_t)n;
	return bytes;
}

/*
 * True if the log is one line by compiler_child.c itself. Such a line becomes part of the message;
 * anything else becomes its detail.
 */
static bool is_own_message(int status, const char *log)
{
	const char *end;

	if (!log || !*log || !WIFEXITED(status) ||
	    (WEXITSTATUS(status) != COMPILER_NO_OBJECT &&
	     WEXITSTATUS(status) != COMPILER_NO_SANDBOX))
		return false;
	end = strchrnul(log, '\n');
	return !*end || !end[1];
}

/* @log: "sandbox: REASON\n", or NULL */
static int no_sandbox(const char *program, const char *log, struct error *err)
{
	static const char own[] = "sandbox: ";
	const uint64_t takes = CAPABILITY_BIT(CAP_SETUID) | CAPABILITY_BIT(CAP_SETGID) |
			       CAPABILITY_BIT(CAP_SYS_CHROOT);
	const char *reason = log && strncmp(log, own, strlen(own)) == 0 ? log + strlen(own) : "";

	error_set(err, -EPERM, "compiling %s: no sandbox for the compiler%s%.*s", program,
		  *reason ? ": " : "", (int)strcspn(reason, "\n"), reason);
	if (geteuid() == 0 && (capabilities_effective() & takes) != takes)
		error_hint(err, "root lacks a capability: it takes CAP_SETUID, CAP_SETGID and "
				"CAP_SYS_CHROOT");
	return err->code;
}

/* @log: what the child printed, or NULL */
static int explain_exit(struct program_text *source, int status, const char *log, struct error *err)
{
	const char *program = program_text_name(source);
	char version[32];

	if (WIFSIGNALED(status))
		return error_set(err, -ECHILD,
				 "compiling %s: the compiler was ended by signal %d (SIG%s)",
				 program, WTERMSIG(status), sigabbrev_np(WTERMSIG(status)));
	switch (WEXITSTATUS(status)) {
	case COMPILER_NO_LIBRARY:
		error_set(err, -ENOENT, "compiling %s: " COMPILER_LIBRARY " cannot be loaded",
			  program);
		if (compiler_library_version(version, sizeof(version)) == 0)
			return error_hint(
				err,
				"it is installed; it takes 256 MB of address space, see ulimit -v");
		return error_hint(err, "install it: apt install libbpfcc (Debian, Ubuntu), dnf "
				       "install bcc (Fedora)");
	case COMPILER_NO_SANDBOX:
		return no_sandbox(program, log, err);
	case COMPILER_REJECTED:
	case COMPILER_EXITED:
		return error_set(err, -EINVAL, "compiling %s: clang rejects it", program);
	case COMPILER_NO_OBJECT:
		if (!is_own_message(status, log))
			return error_set(err, -ECHILD, "compiling %s: no object came out", program);
		return error_set(err, -ECHILD, "compiling %s: %.*s", program,
				 (int)strcspn(log, "\n"), log);
	default:
		return error_set(err, -ECHILD, "compiling %s: no object came out (status %d)",
				 program, WEXITSTATUS(status));
	}
}

static int run_child(const struct compiler_job *job, int *status, struct error *err)
{
	pid_t child;

	/* Or the child would write the contents of the stdio buffers a second time. */
	fflush(NULL);
	child = fork();
	if (child < 0)
		return error_set(err, -errno, "starting the compiler: fork: %s",
				 error_words(errno));
	if (child == 0)
		compiler_child_run(job);
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, -errno, "waiting for the compiler: %s",
					 error_words(errno));
	return 0;
}

static bool is_rejected(int status)
{
	return WIFEXITED(status) &&
	       (WEXITSTATUS(status) == COMPILER_REJECTED || WEXITSTATUS(status) == COMPILER_EXITED);
}

/*
 * The text has no #line directives, so messages name its own lines. A text that is rejected is
 * compiled once more with them, so that messages name files of programs/. LLVM's own errors name a
 * line only if clang recorded lines, which takes a fifth longer, so that too comes second.
 */
static int run_child_for_places(struct program_text *source, struct compiler_job *job, int *status,
				struct error *err)
{
	struct error ignored = ERROR_INIT;
	int r = run_child(job, status, err);

	if (r < 0 || job->scratch_dir || !is_rejected(*status))
		return r;
	if (program_text_with_places(source, &job->text, &ignored) < 0 ||
	    ftruncate(job->log_fd, 0) < 0 || lseek(job->log_fd, 0, SEEK_SET) < 0)
		return 0;
	job->lines = WEXITSTATUS(*status) == COMPILER_EXITED;
	return run_child(job, status, err);
}

static int compile_in(struct program_text *source, struct compiler_job *job, struct blob *output,
		      struct error *err)
{
	cleanup_close int object_fd = memfd_create("object", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	cleanup_close int log_fd = memfd_create("compiler log", MFD_CLOEXEC);
	cleanup_close int compiler_id_fd = memfd_create("compiler id", MFD_CLOEXEC);
	cleanup_free char *log = NULL;
	size_t log_len = 0;
	int status = 0, r;

	if (object_fd < 0 || log_fd < 0 || compiler_id_fd < 0)
		return error_set(err, -errno, "starting the compiler: memfd_create: %s",
				 error_words(errno));
	job->object_fd = object_fd;
	job->log_fd = log_fd;
	job->compiler_id_fd = compiler_id_fd;
	r = run_child_for_places(source, job, &status, err);
	if (r < 0)
		return r;
	if (status != COMPILER_DONE) {
		log = read_all(log_fd, &log_len);
		r = explain_exit(source, status, log, err);
		if (log && !is_own_message(status, log))
			error_detail(err, log, log_len);
		return r;
	}
	/* Nobody else may have it open, but if somebody has, it changes no more from here on. */
	if (fcntl(object_fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return error_set(err, -errno, "sealing the compiled object: %s",
				 error_words(errno));
	output->bytes = read_all(object_fd, &output->len);
	output->origin = read_all(compiler_id_fd, &output->origin_len);
	return output->bytes && output->origin ? 0 : error_nomem(err);
}

/* Can only root change what is at this absolute path? */
static bool is_roots(const char *path)
{
	char prefix[PATH_MAX];
	struct stat st;

	for (const char *end = path + 1; *end; end++) {
		end += strcspn(end, "/");
		snprintf(prefix, sizeof(prefix), "%.*s", (int)(end - path), path);
		if (lstat(prefix, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != 0 ||
		    (st.st_mode & (S_IWGRP | S_IWOTH)))
			return false;
		if (!*end)
			return true;
	}
	return false;
}

/*
 * Where no file system can be mounted, the headers lie in a directory. One in /tmp belongs to the
 * user. If that user is not root, but this process has capabilities of its own, another process of
 * the user could change the headers, and so load any program.
 */
static int choose_directory(struct compiler_job *job, struct scratch_dir *scratch,
			    struct error *err)
{
	static const char installed[] = TOOLS_HEADERS;
	int r;

	if (!compiler_sandbox_needs_scratch_dir())
		return 0;
	if (geteuid() == 0 || !capabilities_effective()) {
		r = scratch_dir_make(scratch, err);
		job->scratch_dir = scratch->path;
		return r;
	}
	job->ready_dir = installed;
	if (is_roots(installed))
		return 0;
	error_set(err, -EPERM,
		  "the compiler's headers would be this user's to change: no user namespace can be "
		  "made, and %s is not there or not only root's",
		  installed);
	return error_hint(err, "run as root, or install the tools as root, or allow user "
			       "namespaces (user.max_user_namespaces)");
}

int compiler_compile(struct program_text *source, const struct hook *hooks, size_t nhooks,
		     struct blob *output, struct error *err)
{
	struct compiler_job job = { .hooks = hooks, .nhooks = nhooks, .parent = getpid() };
	struct scratch_dir scratch = { .remover = 0 };
	int r;

	*output = (struct blob){ .bytes = NULL };
	r = program_text_resolved(source, &job.text, err);
	if (r == 0)
		r = choose_directory(&job, &scratch, err);
	/* A scratch directory serves one child, so its text names places at once. */
	if (r == 0 && job.scratch_dir)
		r = program_text_with_places(source, &job.text, err);
	if (r < 0)
		return r;
	r = compile_in(source, &job, output, err);
	scratch_dir_remove(&scratch);
	if (r < 0)
		blob_clear(output);
	return r;
}

/* dlopen(RTLD_NOLOAD) cannot tell either: it finds only what is loaded already. */
int compiler_library_version(char *buf, size_t size)
{
	static const char *const places[] = { "/usr/lib/" ARCH_MULTIARCH, "/usr/lib64", "/usr/lib",
					      "/usr/local/lib" };

	for (size_t i = 0; i < array_size(places); i++) {
		char path[PATH_MAX], real[PATH_MAX];
		const char *dot;

		snprintf(path, sizeof(path), "%s/" COMPILER_LIBRARY, places[i]);
		if (!realpath(path, real))
			continue;
		dot = strstr(real, ".so.");
		snprintf(buf, size, "%s", dot ? dot + strlen(".so.") : "unknown");
		return 0;
	}
	return -ENOENT;
}
