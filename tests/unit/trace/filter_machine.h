/* SPDX-License-Identifier: MIT */
/* Fixture for tests of filter.bpf.h: filter_passes() is compiled, and run here for made-up tasks.
 */
#ifndef FILTER_MACHINE_H
#define FILTER_MACHINE_H

#include "bpf_machine.h"

#include "task_filter.h"

struct compiled {
	struct program_text *source;
	struct object object;
};

static inline struct program_text *new_source(void)
{
	static const char text[] = "#include \"lib/filter.bpf.h\"\n"
				   "int kprobe__f(void *ctx) { return filter_passes(); }\n";
	struct error err = ERROR_INIT;
	struct program_text *s = NULL;

	assert_int_equal(program_text_new_from(&s, "mine.bpf.c", text, &err), 0);
	return s;
}

static inline struct compiled compile_source(struct program_text *s)
{
	static const struct hook hook = { HOOK_KPROBE, "kprobe__f", "f" };
	struct compiled c = { .source = s };
	struct error err = ERROR_INIT;

	if (compile(s, &hook, 1, &c.object, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail ? err.detail : "");
	return c;
}

/* As a tool does it, for a kernel that tells nothing of itself. */
static inline struct compiled compile_filter(const struct filter *filter)
{
	const struct kernel kernel = { .tracefs = -1 };
	struct error err = ERROR_INIT;
	struct program_text *s = new_source();

	assert_int_equal(filter_define(filter, s, &kernel, &err), 0);
	return compile_source(s);
}

static inline void compiled_clear(struct compiled *c)
{
	object_clear(&c->object);
	program_text_free(c->source);
}

static inline int passes(const struct compiled *c, struct world *world)
{
	return bpf_run(&c->object, program_text_parameters(c->source), world);
}

static inline struct world some_task(void)
{
	return (struct world){ .pid = 700,
			       .tid = 701,
			       .uid = 1000,
			       .gid = 100,
			       .ppid = 1,
			       .comm = "bash",
			       .in_cgroup = true };
}

#endif
