/* SPDX-License-Identifier: MIT */
/* The terminal under a live view. See terminal.h. */
#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "cleanup.h"

/* Of xterm, and of every emulator since: the alternate screen, the cursor, the mouse. */
#define SCREEN_ENTER "\033[?1049h\033[?25l"
#define SCREEN_LEAVE "\033[?25h\033[?1049l"
/* Clicks and the wheel, as ESC [ < button ; column ; line M */
#define MOUSE_ENTER "\033[?1000h\033[?1006h"
#define MOUSE_LEAVE "\033[?1006l\033[?1000l"

static void on_change(int signo);
static void on_continue(int signo);
static void on_stop(int signo);
static void on_leaving(int signo);

/* The signals, in the order in which they are watched. */
static const struct {
	int signo;
	void (*handler)(int signo);
} watched[] = {
	{ SIGWINCH, on_change }, { SIGCONT, on_continue },  { SIGTSTP, on_stop },
	{ SIGTTIN, SIG_IGN },    { SIGTTOU, SIG_IGN },      { SIGINT, on_leaving },
	{ SIGTERM, on_leaving }, { SIGHUP, on_leaving },    { SIGQUIT, on_leaving },
	{ SIGABRT, on_leaving }, { SIGSEGV, on_leaving },   { SIGBUS, on_leaving },
	{ SIGFPE, on_leaving },  { SIGILL, on_leaving },    { SIGSYS, on_leaving },
	{ SIGTRAP, on_leaving }, { SIGUSR1, on_leaving },   { SIGUSR2, on_leaving },
	{ SIGALRM, on_leaving }, { SIGVTALRM, on_leaving }, { SIGPROF, on_leaving },
	{ SIGXCPU, on_leaving }, { SIGXFSZ, on_leaving },   { SIGPOLL, on_leaving },
	{ SIGPWR, on_leaving },  { SIGSTKFLT, on_leaving },
};

/*
 * Global, because signal handlers use it: the terminal outlives the process that changed it, so the
 * handler of a signal that ends or stops the process must know at any moment what to restore. There
 * is one terminal, and one owner of these signals. Code outside the handlers changes it only while
 * the signals are blocked.
 */
static struct {
	int wakeup;            /* eventfd; -1: not open */
	bool guest;            /* the process that opened this view has taken the terminal */
	bool keys;             /* the terminal may be taken */
	bool held;             /* the terminal is taken */
	bool entered;          /* the alternate screen is shown, without a cursor */
	bool leaving;          /* a signal ends the process: do not take it again */
	struct termios before; /* while held: the settings to restore */
	struct sigaction actions[array_size(watched)];
} terminal = { .wakeup = -1 };

void terminal_size(int fd, size_t *lines, size_t *columns)
{
	struct winsize ws = { 0 };

	if (fd < 0 || ioctl(fd, TIOCGWINSZ, &ws) != 0)
		memset(&ws, 0, sizeof(ws));
	*lines = ws.ws_row ? ws.ws_row : 24;
	*columns = ws.ws_col ? ws.ws_col : 80;
}

/* A process in the background must not change the terminal: the shell or another job uses it. */
static bool is_ours(int fd)
{
	return tcgetpgrp(fd) == getpgrp();
}

/*
 * Handlers call this, and a terminal whose output is stopped (Ctrl-S) must not keep the process
 * from ending. So nothing is written when it would block, and the screen stays as it is.
 */
static void switch_screen(bool enter)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	const char *sequence = enter ? SCREEN_ENTER : SCREEN_LEAVE;

	if (terminal.keys)
		sequence = enter ? SCREEN_ENTER MOUSE_ENTER : MOUSE_LEAVE SCREEN_LEAVE;
	if (terminal.guest || enter == terminal.entered || !is_ours(STDOUT_FILENO))
		return;
	if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) &&
	    write(STDOUT_FILENO, sequence, strlen(sequence)) > 0)
		terminal.entered = enter;
}

/* @again: set it also when it is held, because another process may have changed it since. */
static void take_keys(bool again)
{
	struct termios raw;

	if (!terminal.keys)
		return;
	if (terminal.guest || !is_ours(STDIN_FILENO)) {
		terminal.held = terminal.guest && is_ours(STDIN_FILENO);
		return;
	}
	if (terminal.held && !again)
		return;
	if (!terminal.held && tcgetattr(STDIN_FILENO, &terminal.before) < 0)
		return;
	raw = terminal.before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	terminal.held = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

static void take(bool again)
{
	if (terminal.leaving)
		return;
	take_keys(again);
	switch_screen(true);
}

static void give_back(void)
{
	bool held = terminal.held;

	terminal.held = false;
	if (terminal.keys && held && !terminal.guest && is_ours(STDIN_FILENO))
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
	switch_screen(false);
}

static void wake(void)
{
	uint64_t one = 1;

	if (write(terminal.wakeup, &one, sizeof(one)) < 0)
		errno = 0; /* The counter is full, so the descriptor is readable. */
}

static void block(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < array_size(watched); i++)
		sigaddset(&set, watched[i].signo);
	sigprocmask(SIG_BLOCK, &set, before);
}

/* A signal that is ignored (nohup) stays ignored. */
static void watch(size_t i)
{
	struct sigaction action = { .sa_handler = watched[i].handler, .sa_flags = SA_RESTART };

	sigaction(watched[i].signo, NULL, &terminal.actions[i]);
	if (terminal.actions[i].sa_handler == SIG_IGN)
		return;
	for (size_t j = 0; j < array_size(watched); j++)
		sigaddset(&action.sa_mask, watched[j].signo);
	sigaction(watched[i].signo, &action, NULL);
}

/* If the event loop has installed another handler since, leave that. */
static void unwatch(size_t i)
{
	struct sigaction now;

	sigaction(watched[i].signo, NULL, &now);
	if (now.sa_handler == watched[i].handler)
		sigaction(watched[i].signo, &terminal.actions[i], NULL);
}

static size_t index_of(int signo)
{
	size_t i = 0;

	while (watched[i].signo != signo)
		i++;
	return i;
}

static void on_change(int signo)
{
	int saved = errno;

	(void)signo;
	wake();
	errno = saved;
}

/* In the background the screen shows the output of others, so do not paint. */
static void go_on(void)
{
	take(true);
	if (is_ours(STDOUT_FILENO))
		wake();
}

static void on_continue(int signo)
{
	int saved = errno;

	(void)signo;
	go_on();
	errno = saved;
}

/* Stop as if there were no handler: the raised signal is delivered when it is unblocked here. */
static void on_stop(int signo)
{
	int saved = errno;
	sigset_t set;

	give_back();
	unwatch(index_of(signo));
	raise(signo);
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* The process is stopped here, unless it is orphaned: the kernel does not stop it then. */
	sigprocmask(SIG_BLOCK, &set, NULL);
	watch(index_of(signo));
	go_on();
	errno = saved;
}

/* The previous action follows: the raised signal is blocked until this handler returns. */
static void on_leaving(int signo)
{
	int saved = errno;

	terminal.leaving = true;
	give_back();
	unwatch(index_of(signo));
	raise(signo);
	errno = saved;
}

bool terminal_can_repaint(int fd)
{
	const char *kind = getenv("TERM");

	return isatty(fd) && kind && *kind && strcmp(kind, "dumb") != 0;
}

int terminal_open(bool guest, struct error *err)
{
	sigset_t mask;

	terminal.wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (terminal.wakeup < 0)
		return error_set(err, -errno, "eventfd: %s", error_words(errno));
	block(&mask);
	terminal.held = terminal.entered = terminal.leaving = false;
	terminal.guest = guest;
	terminal.keys = isatty(STDIN_FILENO);
	for (size_t i = 0; i < array_size(watched); i++)
		watch(i);
	take(false);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return terminal.wakeup;
}

void terminal_close(void)
{
	sigset_t mask;

	if (terminal.wakeup < 0)
		return;
	block(&mask);
	terminal.leaving = true;
	give_back();
	for (size_t i = 0; i < array_size(watched); i++)
		unwatch(i);
	terminal.keys = false;
	close(terminal.wakeup);
	terminal.wakeup = -1;
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

void terminal_repaint_soon(void)
{
	wake();
}

void terminal_changed(void)
{
	uint64_t times;

	if (read(terminal.wakeup, &times, sizeof(times)) < 0)
		errno = 0; /* Nothing has changed. */
}

bool terminal_take(void)
{
	sigset_t mask;
	bool held;

	block(&mask);
	take(false);
	held = terminal.held;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return held;
}

bool terminal_is_leaving(void)
{
	return terminal.leaving;
}

size_t terminal_read(char *keys, size_t size)
{
	ssize_t n = read(STDIN_FILENO, keys, size);

	return n < 0 ? 0 : (size_t)n;
}
