/* SPDX-License-Identifier: MIT */
/* The COMMAND of `-- COMMAND`. See child_command.h. */
#define _GNU_SOURCE
#include "child_command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "descriptors.h"
#include "event_loop.h"
#include "inspector.h"
#include "pidfd.h"

enum {
	GRACE_MS = 2000, /* less after a signal */
	STOPPED_MS = 2000,
	LOOK_MS = 100,
	STATUS_MS = 500,
	STATUS_LOOK_MS = 10,
};

/* What the child reports if execve(2) lacks the interpreter of a program that is there. */
enum { INTERPRETER_MISSING = 4096 };

/* Is there such a file, and may it be executed? Return: 0, -ENOENT, or -EACCES. */
static int executable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == EACCES ? -EACCES : -ENOENT;
	return S_ISREG(st.st_mode) && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? 0
										       : -EACCES;
}

/*
 * Look a command up as execvp(3) would, but before it runs: the command's own failed attempts would
 * be counted.
 */
static int find(const char *name, char *path, size_t size)
{
	const char *dirs = getenv("PATH");
	int r = -ENOENT;

	if (strchr(name, '/')) {
		/* A path that is cut could be another program's. */
		if ((size_t)snprintf(path, size, "%s", name) >= size)
			return -ENAMETOOLONG;
		return executable(path);
	}
	for (dirs = dirs ? dirs : "/usr/bin:/bin"; *name; dirs++) {
		int len = (int)strcspn(dirs, ":"), found = -ENOENT;

		if ((size_t)snprintf(path, size, "%.*s%s%s", len, dirs, len ? "/" : "", name) <
		    size)
			found = executable(path);
		if (found == 0)
			return 0;
		if (found == -EACCES)
			r = -EACCES;
		dirs += len;
		if (!*dirs)
			break;
	}
	return r;
}

static int not_started(const char *name, int code, int *status, struct error *err)
{
	*status = code == -ENOENT || code == -INTERPRETER_MISSING ? COMMAND_NOT_FOUND
								  : COMMAND_NOT_EXECUTABLE;
	if (code == -INTERPRETER_MISSING)
		return error_set(err, -ENOENT, "%s: its interpreter was not found", name);
	return error_set(err, code, "%s: %s", name,
			 code == -ENOENT   ? "command not found"
			 : code == -EACCES ? "not executable"
					   : error_words(code));
}

/* How a process of find_as() ends. */
enum {
	FOUND,
	NOT_FOUND,
	NOT_EXECUTABLE,
	NOT_THAT_USER,
};

/* Whether that user finds it, and may execute it: asked in a process that has that user's rights.
 */
static int find_as(const char *name, const struct run_as *as, char *path, size_t size)
{
	int status, r;
	pid_t child = fork();

	if (child == 0) {
		if (run_as_try(as) < 0)
			_exit(NOT_THAT_USER);
		r = find(name, path, size);
		_exit(r == 0 ? FOUND : r == -ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
	}
	if (child < 0)
		return -errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	switch (WIFEXITED(status) ? WEXITSTATUS(status) : NOT_THAT_USER) {
	case FOUND:
		return 0;
	case NOT_FOUND:
		return -ENOENT;
	case NOT_EXECUTABLE:
		return -EACCES;
	default:
		return -EPERM;
	}
}

static int may_not_become(const struct run_as *as, int code, struct error *err)
{
	error_set(err, code, "--as: becoming %s: %s", as->name, error_words(code));
	return error_hint(err, "it takes root, or CAP_SETUID and CAP_SETGID");
}

/*
 * Another user's process must not have the caller's controlling terminal: it could type commands
 * there (TIOCSTI) for the shell that the tool was started from. Nor does it get descriptors.
 * @but: the one to keep
 */
static void leave_session(int but)
{
	setsid();
	descriptors_close(STDERR_FILENO + 1, (unsigned)but - 1);
	descriptors_close((unsigned)but + 1, ~0U);
}

/* The child. Nothing it does before its execve counts; programs/lib/follow.bpf.h sees to that. */
static _Noreturn void run_held(char *const *argv, const struct run_as *as, int output, int go,
			       int failed, const sigset_t *mask)
{
	char path[PATH_MAX], byte;
	ssize_t n;
	int err;

	inspector_forget();
	loop_signals_undo();
	dup2(output >= 0 ? output : STDERR_FILENO, STDOUT_FILENO);
	/* Somebody may stop it for good, and the tool may be killed: what is held does not stay. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	do
		n = read(go, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		_exit(COMMAND_NOT_EXECUTABLE);
	/* Not before: Ctrl-C reaches this process too, and it is for the tool to end a run that has
	 * not begun. */
	sigprocmask(SIG_SETMASK, mask, NULL);
	prctl(PR_SET_PDEATHSIG, 0);
	/* Not before either: that user could stop it. What it does until its execve does not count.
	 */
	if (as)
		leave_session(failed);
	err = as ? -run_as_become(as) : 0;
	/* Ctrl-\\, or whatever else ends the tool, does not reach the other session. */
	if (as)
		prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (err == 0)
		err = -find(argv[0], path, sizeof(path));
	if (err == 0) {
		execv(path, argv);
		err = errno == ENOENT ? INTERPRETER_MISSING : errno;
	}
	if (write(failed, &err, sizeof(err)) < 0)
		_exit(COMMAND_NOT_EXECUTABLE);
	_exit(COMMAND_NOT_EXECUTABLE);
}

int command_find(const char *name, const struct run_as *as, int *status, struct error *err)
{
	char path[PATH_MAX];
	int r = as ? find_as(name, as, path, sizeof(path)) : find(name, path, sizeof(path));

	if (as && r == -EPERM)
		return may_not_become(as, r, err);
	return r < 0 ? not_started(name, r, status, err) : 0;
}

/* Undo a failed start and reap the child, so that a run that goes on does not wait for it. */
static int give_up(struct command *command, const char *name, const char *what, struct error *err)
{
	int r = error_set(err, -errno, "starting %s: %s: %s", name, what, error_words(errno)),
	    unused;

	command_finish(command, false, &unused);
	command->pid = 0;
	return r;
}

int command_start(struct command *command, char *const *argv, const struct run_as *as,
		  struct error *err)
{
	int go[2], failed[2], saved;
	sigset_t mask, childs;

	if (pipe2(go, O_CLOEXEC) < 0)
		return error_set(err, -errno, "starting %s: pipe: %s", argv[0], error_words(errno));
	command->go = go[1];
	if (pipe2(failed, O_CLOEXEC) < 0) {
		int r = give_up(command, argv[0], "pipe", err);

		close(go[0]);
		return r;
	}
	command->failed = failed[0];
	fflush(NULL);
	loop_signals_hold(&mask, &childs);
	command->pid = fork();
	saved = errno;
	if (command->pid == 0) {
		close(go[1]);
		close(failed[0]);
		run_held(argv, as, command->output, go[0], failed[1], &childs);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	/* Who reads it waits for its end, which is the command's. */
	if (command->output >= 0)
		close(steal_fd(&command->output));
	close(go[0]);
	close(failed[1]);
	if (command->pid < 0) {
		errno = saved;
		return give_up(command, argv[0], "fork", err);
	}
	command->own_session = as != NULL;
	command->pidfd = pidfd_of_child((uint32_t)command->pid);
	if (command->pidfd < 0)
		return give_up(command, argv[0], "pidfd_open", err);
	return 0;
}

/* Stopped (SIGSTOP), and not continued since? */
static bool is_stopped(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 && info.si_pid;
}

/*
 * Wait until the process has executed the command, or could not. The user of --as may stop it
 * before, for good: then nothing would ever come.
 * Return: 0; -ETIMEDOUT: it is stopped; -EINTR: a signal ends the run.
 */
static int await_execve(const struct command *command)
{
	struct pollfd failed = { .fd = command->failed, .events = POLLIN };
	int stopped_ms = 0;

	for (;;) {
		if (poll(&failed, 1, LOOK_MS) > 0)
			return 0;
		stopped_ms = is_stopped(command->pid) ? stopped_ms + LOOK_MS : 0;
		if (stopped_ms && stopped_ms >= loop_signals_left_ms(STOPPED_MS))
			return -ETIMEDOUT;
		if (loop_signals_left_ms(STOPPED_MS) <= LOOK_MS)
			return -EINTR;
	}
}

/* Whom to send signals: a session of its own gets none from the terminal, so all of its group. */
static pid_t receiver(const struct command *command)
{
	return command->own_session ? -command->pid : command->pid;
}

static int not_begun(struct command *command, const char *name, int code, int *status,
		     struct error *err)
{
	int unused;

	kill(command->pid, SIGKILL);
	command_finish(command, false, &unused);
	*status = COMMAND_NOT_EXECUTABLE;
	if (code == -EINTR)
		return error_set(err, code, "starting %s: a signal ended the run before it began",
				 name);
	return error_set(err, code,
			 "starting %s: another process stopped it before it began (SIGSTOP), so it "
			 "was killed",
			 name);
}

int command_release(struct command *command, const char *name, int *status, struct error *err)
{
	int failure = 0, r;
	ssize_t n = write(command->go, "", 1);

	/* Not -EPIPE: that is what a reader of the output that has gone away is called. */
	if (n < 0)
		return error_set(err, errno == EPIPE ? -ESRCH : -errno,
				 "starting %s: its process has ended", name);
	close(steal_fd(&command->go));
	loop_signals_command(receiver(command));
	r = await_execve(command);
	if (r < 0)
		return not_begun(command, name, r, status, err);
	/* Closed by a successful execve. */
	do
		n = read(command->failed, &failure, sizeof(failure));
	while (n < 0 && errno == EINTR);
	close(steal_fd(&command->failed));
	return n == sizeof(failure) ? not_started(name, -failure, status, err) : 0;
}

static bool ends_soon(struct pollfd *ended)
{
	int r;

	/* Interrupted, it has less time left. */
	do
		r = poll(ended, 1, loop_signals_left_ms(GRACE_MS));
	while (r < 0 && errno == EINTR);
	return r != 0;
}

/*
 * The status of a process that has ended. Another process may trace it, and then it is not to be
 * had until that one has waited for it, which it need not do.
 */
static int wait_for_status(pid_t pid)
{
	int status = 0;
	pid_t r;

	for (int waited_ms = 0; waited_ms <= loop_signals_left_ms(STATUS_MS);
	     waited_ms += STATUS_LOOK_MS) {
		do
			r = waitpid(pid, &status, WNOHANG);
		while (r < 0 && errno == EINTR);
		if (r != 0)
			return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
		poll(NULL, 0, STATUS_LOOK_MS);
	}
	return COMMAND_STATUS_UNKNOWN;
}

bool command_finish(struct command *command, bool terminate, int *status)
{
	struct pollfd ended = { .fd = command->pidfd, .events = POLLIN };
	bool held = command->go >= 0;

	if (held) {
		close(steal_fd(&command->go));
		/* It would end by itself, unless somebody has stopped it. */
		if (command->pid > 0)
			kill(command->pid, SIGKILL);
	}
	if (command->failed >= 0)
		close(steal_fd(&command->failed));
	if (command->pid <= 0)
		return true;
	if (terminate && !held && poll(&ended, 1, 0) == 0)
		kill(receiver(command), SIGTERM);
	loop_signals_command(0);
	if (!held && command->pidfd >= 0 && !ends_soon(&ended)) {
		/* Let go for good: nobody waits for it a second time. */
		close(steal_fd(&command->pidfd));
		command->pid = 0;
		return false;
	}
	*status = wait_for_status(command->pid);
	if (command->pidfd >= 0)
		close(steal_fd(&command->pidfd));
	command->pid = 0;
	return true;
}
