/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of the compiler: made-up programs of a few lines, and what must become of them.
 *
 * Each test runs as an ordinary user, and first as root if root runs the tests.
 */
#ifndef COMPILE_TEXT_H
#define COMPILE_TEXT_H

#include <errno.h>
#include <string.h>

#include "compiling.h"
#include "unit.h"

/* Most made-up programs have one function, kprobe__f(). */
static const struct hook f_hook = { HOOK_KPROBE, "kprobe__f", "f" };

static inline int compile_text(const char *text, const struct hook *hooks, size_t nhooks,
			       struct object *o, struct error *err)
{
	struct program_text *s = NULL;
	int r = program_text_new_from(&s, "mine.bpf.c", text, err);

	assert_int_equal(r, 0);
	memset(o, 0, sizeof(*o));
	*err = (struct error)ERROR_INIT;
	r = compile(s, hooks, nhooks, o, err);
	program_text_free(s);
	assert_int_equal(r, err->code);
	return r;
}

static inline void assert_contains(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("'%s' is not in: %s", part, text);
}

static inline void check_rejected(const char *text, int code, const char *in_text,
				  const char *in_detail)
{
	struct error err;
	struct object o;
	int r = compile_text(text, &f_hook, 1, &o, &err);

	if (r != code)
		fail_msg("%d, not %d: %s %s", r, code, err.text, err.detail ? err.detail : "");
	assert_int_equal(o.nprograms, 0);
	assert_contains(err.text, in_text);
	assert_contains(err.text, "programs/mine.bpf.c");
	if (in_detail)
		assert_contains(err.detail, in_detail);
	else
		assert_null(err.detail);
	error_clear(&err);
}

/* LLVM rejects this, not clang, and ends the process. */
#define TOO_LARGE                                                                                  \
	"int kprobe__f(void *ctx)\n{\n\tchar a[600];\n\tbpf_get_current_comm(a, sizeof(a));\n"     \
	"\treturn a[8];\n}\n"

static inline void check_returns(const struct object_program *p, int value)
{
	assert_int_equal(p->ninsns, 2);
	assert_int_equal(p->insns[0].imm, value);
	assert_int_equal(p->insns[1].code, BPF_JMP | BPF_EXIT);
}

/* Return: the number of failed tests. */
static inline int run_as_each_user(const struct CMUnitTest *tests, size_t count)
{
	int failed = 0;

	setenv("PATH", "/usr/bin:/bin", 1);
	if (geteuid() == 0) {
		failed = _cmocka_run_group_tests("as root", tests, count, NULL, NULL);
		setenv("PATH", "/usr/bin:/bin", 1);
		become_nobody();
	}
	return failed + _cmocka_run_group_tests("as an ordinary user", tests, count, NULL, NULL);
}

#endif
