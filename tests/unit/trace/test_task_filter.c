/* SPDX-License-Identifier: MIT */
/*
 * Filters as they are compiled: the instructions of filter_passes() are run, here, for made-up
 * tasks. The same code is in every program.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "compiling.h"
#include "follow.h"
#include "object.h"
#include "task_filter.h"

/* ---- a machine ---- */

enum {
	STACK = 512,
	TASK_SIZE = 4096,
	STEPS_MAX = 100000,
	FOLLOWED_MAX = 4,
	LEVELS = 4,
	PID_SIZE = NUMBERS + LEVELS * 16,
};

/* The running task, and all the memory a program may see. */
struct world {
	uint32_t pid, tid, uid, gid, ppid;
	char comm[16];
	bool in_cgroup;
	uint32_t followed[FOLLOWED_MAX];
	size_t nfollowed;
	_Alignas(8) char stack[STACK];
	uint32_t state;
	_Alignas(8) char task[TASK_SIZE];
	_Alignas(8) char parent[TASK_SIZE];
	/* With PID namespaces: what the tasks' ids are made of. */
	size_t level;
	_Alignas(8) char namespaces[LEVELS][64];
	_Alignas(8) char thread[PID_SIZE], process[PID_SIZE], parent_process[PID_SIZE];
	_Alignas(8) char signal[256], parent_signal[256];
};

struct machine {
	struct world *world;
	const struct object *object;
	const struct object_program *program;
	const struct parameters *parameters;
	uint64_t r[11];
	size_t pc;
};

static bool within(uint64_t at, size_t size, const void *start, size_t len)
{
	uint64_t first = (uint64_t)(uintptr_t)start;

	return at >= first && at + size <= first + len;
}

/* A program reads and writes its stack, and reads tasks: nothing else. */
static void *memory(const struct machine *m, uint64_t at, size_t size, bool write)
{
	const struct world *w = m->world;
	/* All from the state on is the kernel's. */
	bool may =
		within(at, size, w->stack, STACK) ||
		(!write && within(at, size, &w->state, sizeof(*w) - offsetof(struct world, state)));

	if (!may)
		fail_msg("instruction %zu accesses %zu bytes it may not", m->pc, size);
	return (void *)(uintptr_t)at;
}

static uint64_t map_handle(size_t map)
{
	return 0x1000 + map;
}

static const char *map_name(const struct machine *m, uint64_t handle)
{
	assert_in_range(handle - 0x1000, 0, m->object->nmaps - 1);
	return m->object->maps[handle - 0x1000].name;
}

static uint64_t look_up(struct machine *m)
{
	uint32_t key;

	assert_string_equal(map_name(m, m->r[1]), "followed");
	memcpy(&key, memory(m, m->r[2], sizeof(key), false), sizeof(key));
	for (size_t i = 0; i < m->world->nfollowed; i++)
		if (m->world->followed[i] == key)
			return (uint64_t)(uintptr_t)&m->world->state;
	return 0;
}

static uint64_t call(struct machine *m, int helper)
{
	struct world *w = m->world;

	switch (helper) {
	case BPF_FUNC_map_lookup_elem:
		return look_up(m);
	case BPF_FUNC_get_current_pid_tgid:
		return (uint64_t)w->pid << 32 | w->tid;
	case BPF_FUNC_get_current_uid_gid:
		return (uint64_t)w->gid << 32 | w->uid;
	case BPF_FUNC_get_current_comm:
		assert_int_equal(m->r[2], sizeof(w->comm));
		memcpy(memory(m, m->r[1], sizeof(w->comm), true), w->comm, sizeof(w->comm));
		return 0;
	case BPF_FUNC_get_current_task:
	case BPF_FUNC_get_current_task_btf:
		return (uint64_t)(uintptr_t)w->task;
	case BPF_FUNC_probe_read_kernel:
		memcpy(memory(m, m->r[1], (size_t)m->r[2], true),
		       memory(m, m->r[3], (size_t)m->r[2], false), (size_t)m->r[2]);
		return 0;
	case BPF_FUNC_current_task_under_cgroup:
		assert_string_equal(map_name(m, m->r[1]), "filter_cgroup");
		assert_int_equal(m->r[2], 0);
		return w->in_cgroup;
	default:
		fail_msg("helper %d", helper);
		return 0;
	}
}

static uint64_t compute(unsigned op, uint64_t a, uint64_t b, unsigned bits)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_OR:
		return a | b;
	case BPF_AND:
		return a & b;
	case BPF_XOR:
		return a ^ b;
	case BPF_MOV:
		return b;
	case BPF_NEG:
		return -a;
	case BPF_LSH:
		return a << (b & (bits - 1));
	case BPF_RSH:
		return a >> (b & (bits - 1));
	case BPF_ARSH:
		return bits == 64 ? (uint64_t)((int64_t)a >> (b & 63))
				  : (uint64_t)(int64_t)((int32_t)a >> (b & 31));
	default:
		fail_msg("operation %#x", op);
		return 0;
	}
}

static bool holds(unsigned op, uint64_t a, uint64_t b, int64_t sa, int64_t sb)
{
	switch (op) {
	case BPF_JA:
		return true;
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSET:
		return a & b;
	case BPF_JSGT:
		return sa > sb;
	case BPF_JSGE:
		return sa >= sb;
	case BPF_JSLT:
		return sa < sb;
	case BPF_JSLE:
		return sa <= sb;
	default:
		fail_msg("jump %#x", op);
		return false;
	}
}

static size_t width(uint8_t code)
{
	static const size_t sizes[] = { 4, 2, 1, 8 }; /* BPF_W, BPF_H, BPF_B, BPF_DW */

	return sizes[BPF_SIZE(code) >> 3];
}

static void load_constant(struct machine *m, const struct bpf_insn *insn)
{
	uint64_t value = (uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32;

	if (value >> 32 == PARAMETER_MARK >> 32) {
		assert_in_range((uint32_t)value, 0, m->parameters->count - 1);
		value = m->parameters->values[(uint32_t)value];
	}
	for (size_t i = 0; i < m->program->nrelocs; i++)
		if (m->program->relocs[i].insn == m->pc)
			value = map_handle(m->program->relocs[i].map);
	m->r[insn->dst_reg] = value;
	m->pc++;
}

/* Everything but calls and exits. */
static void step(struct machine *m, const struct bpf_insn *insn)
{
	uint64_t *dst = &m->r[insn->dst_reg];
	uint64_t src =
		BPF_SRC(insn->code) == BPF_X ? m->r[insn->src_reg] : (uint64_t)(int64_t)insn->imm;
	uint64_t value = 0;
	size_t size = width(insn->code);

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU64:
		*dst = compute(BPF_OP(insn->code), *dst, src, 64);
		break;
	case BPF_ALU:
		*dst = (uint32_t)compute(BPF_OP(insn->code), (uint32_t)*dst, (uint32_t)src, 32);
		break;
	case BPF_JMP:
		if (holds(BPF_OP(insn->code), *dst, src, (int64_t)*dst, (int64_t)src))
			m->pc += (size_t)insn->off;
		break;
	case BPF_JMP32:
		if (holds(BPF_OP(insn->code), (uint32_t)*dst, (uint32_t)src, (int32_t)*dst,
			  (int32_t)src))
			m->pc += (size_t)insn->off;
		break;
	case BPF_LDX:
		memcpy(&value, memory(m, m->r[insn->src_reg] + (uint64_t)insn->off, size, false),
		       size);
		*dst = value;
		break;
	case BPF_STX:
		memcpy(memory(m, *dst + (uint64_t)insn->off, size, true), &m->r[insn->src_reg],
		       size);
		break;
	case BPF_ST:
		value = (uint64_t)(int64_t)insn->imm;
		memcpy(memory(m, *dst + (uint64_t)insn->off, size, true), &value, size);
		break;
	case BPF_LD:
		load_constant(m, insn);
		break;
	}
}

static void put_u32(char *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void put_pointer(char *at, const void *value)
{
	uint64_t address = (uint64_t)(uintptr_t)value;

	memcpy(at, &address, sizeof(address));
}

/* A struct pid: in each namespace down to its own another number; @number in the one that is asked
 * for. */
static void fill_pid(struct world *w, char *pid, uint32_t number, size_t level)
{
	put_u32(pid + LEVEL, (uint32_t)level);
	for (size_t i = 0; i <= level; i++) {
		put_u32(pid + NUMBERS + 16 * i, i == 2 ? number : 50000 + (uint32_t)i);
		put_pointer(pid + NUMBERS + 16 * i + 8, w->namespaces[i]);
	}
}

/* The tasks in the kernel's memory, as far as a filter looks. */
static void fill_memory(struct world *w)
{
	put_pointer(w->task + REAL_PARENT, w->parent);
	put_u32(w->parent + TGID, w->ppid);
	for (size_t i = 0; i < LEVELS; i++)
		put_u32(w->namespaces[i] + INUM, i == 2 ? NAMESPACE : NAMESPACE + 1 + (uint32_t)i);
	fill_pid(w, w->thread, w->tid, w->level);
	fill_pid(w, w->process, w->pid, w->level);
	fill_pid(w, w->parent_process, w->ppid, w->level);
	put_pointer(w->task + THREAD_PID, w->thread);
	put_pointer(w->task + SIGNAL, w->signal);
	put_pointer(w->signal + PIDS_OF_SIGNAL + 8, w->process);
	put_pointer(w->parent + SIGNAL, w->parent_signal);
	put_pointer(w->parent_signal + PIDS_OF_SIGNAL + 8, w->parent_process);
}

/* What a program returns for this task. */
static int run(const struct object *object, const struct parameters *parameters,
	       struct world *world)
{
	struct machine m = { .world = world,
			     .object = object,
			     .program = &object->programs[0],
			     .parameters = parameters };

	memset(world->stack, 0xa5, STACK);
	fill_memory(world);
	m.r[10] = (uint64_t)(uintptr_t)world->stack + STACK;
	for (size_t steps = 0; steps < STEPS_MAX; steps++, m.pc++) {
		const struct bpf_insn *insn = &m.program->insns[m.pc];

		assert_in_range(m.pc, 0, m.program->ninsns - 1);
		if (insn->code == (BPF_JMP | BPF_EXIT))
			return (int)m.r[0];
		if (insn->code != (BPF_JMP | BPF_CALL)) {
			step(&m, insn);
			continue;
		}
		m.r[0] = call(&m, insn->imm);
		for (int i = 1; i <= 5; i++)
			m.r[i] = 0xdeadbeefdeadbeef;
	}
	fail_msg("it does not end");
	return -1;
}

/* ---- a filter, compiled ---- */

struct compiled {
	struct source *source;
	struct object object;
};

static struct source *new_source(void)
{
	static const char text[] = "#include \"lib/filter.bpf.h\"\n"
				   "int kprobe__f(void *ctx) { return filter_passes(); }\n";
	struct error err = ERROR_INIT;
	struct source *s = NULL;

	assert_int_equal(source_new_text(&s, "mine.bpf.c", text, &err), 0);
	return s;
}

static struct compiled compile_source(struct source *s)
{
	static const struct hook hook = { HOOK_KPROBE, "kprobe__f", "f" };
	struct compiled c = { .source = s };
	struct error err = ERROR_INIT;

	if (compile(s, &hook, 1, &c.object, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail ? err.detail : "");
	return c;
}

/* As a tool does it, for a kernel that tells nothing of itself. */
static struct compiled compile_filter(const struct filter *filter)
{
	const struct kernel kernel = { .tracefs = -1 };
	struct error err = ERROR_INIT;
	struct source *s = new_source();

	assert_int_equal(filter_define(filter, s, &kernel, &err), 0);
	return compile_source(s);
}

static void compiled_clear(struct compiled *c)
{
	object_clear(&c->object);
	source_free(c->source);
}

static int passes(const struct compiled *c, struct world *world)
{
	return run(&c->object, source_parameters(c->source), world);
}

static struct world some_task(void)
{
	return (struct world){ .pid = 700,
			       .tid = 701,
			       .uid = 1000,
			       .gid = 100,
			       .ppid = 1,
			       .comm = "bash",
			       .in_cgroup = true };
}

#define IDS(...)                                                                                   \
	{                                                                                          \
		(uint32_t[]){ __VA_ARGS__ }, COUNT(((uint32_t[]){ __VA_ARGS__ }))                  \
	}

/* ---- tests ---- */

static void test_none(void **state)
{
	const struct filter filter = FILTER_INIT;
	struct compiled c = compile_filter(&filter);
	struct world w = some_task();

	(void)state;
	assert_int_equal(passes(&c, &w), 1);
	assert_int_equal(c.object.programs[0].ninsns, 2);
	compiled_clear(&c);
}

static const uint32_t ids[] = { 0,    1,     2,          699,        700,        701,       702,
				1000, 65534, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };

/* One list at a time; every id is tried for what is compared and, in vain, for what is not. */
static void check_list(enum filter_ids kind, struct id_set list)
{
	struct filter filter = FILTER_INIT;
	struct compiled c;

	filter.ids[kind] = list;
	c = compile_filter(&filter);
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct world w = some_task();
		bool want = false;

		w.pid = w.tid = w.uid = w.gid = w.ppid = 5;
		*(kind == FILTER_PIDS ? &w.pid : kind == FILTER_TIDS ? &w.tid : &w.uid) = ids[i];
		for (size_t n = 0; n < list.count; n++)
			want |= list.ids[n] == ids[i];
		assert_int_equal(passes(&c, &w), want);
	}
	compiled_clear(&c);
}

static void test_ids(void **state)
{
	uint32_t many[PARAMETERS_MAX + 10];

	(void)state;
	check_list(FILTER_PIDS, (struct id_set)IDS(700));
	check_list(FILTER_PIDS, (struct id_set)IDS(1, 700, 700, 0xfffffffe));
	check_list(FILTER_TIDS, (struct id_set)IDS(701, 0x80000000));
	check_list(FILTER_UIDS, (struct id_set)IDS(0));
	check_list(FILTER_UIDS, (struct id_set)IDS(0xfffffffe, 65534, 1000));
	/* More than a program has parameters: the last one counts like the first. */
	for (uint32_t i = 0; i < COUNT(many); i++)
		many[i] = 10000 + i;
	many[0] = 1;
	many[COUNT(many) - 1] = 0x80000000;
	check_list(FILTER_PIDS, (struct id_set){ many, COUNT(many) });
}

/* All that is asked for must be so. */
static void test_together(void **state)
{
	struct filter filter = FILTER_INIT;
	struct compiled c;

	(void)state;
	filter.ids[FILTER_PIDS] = (struct id_set)IDS(700, 800);
	filter.ids[FILTER_TIDS] = (struct id_set)IDS(701);
	filter.ids[FILTER_UIDS] = (struct id_set)IDS(1000);
	filter.name = "ba?h";
	filter.cgroup = 5; /* only that there is one is compiled in */
	c = compile_filter(&filter);
	for (unsigned wrong = 0; wrong < 32; wrong++) {
		struct world w = some_task();

		w.pid += wrong & 1;
		w.tid += wrong >> 1 & 1;
		w.uid += wrong >> 2 & 1;
		w.comm[2] = wrong >> 3 & 1 ? '\0' : 's';
		w.in_cgroup = !(wrong >> 4 & 1);
		assert_int_equal(passes(&c, &w), !wrong);
	}
	compiled_clear(&c);
}

static void check_parent(bool btf)
{
	struct source *s = new_source();
	struct compiled c;

	define_task(s);
	if (btf)
		source_define(s, "CURRENT_TASK_BTF", "1");
	source_define(s, "FILTER_PPID(id)", "((id) == PARAMETER(%d) || (id) == PARAMETER(%d))",
		      source_parameter(s, 17), source_parameter(s, 0x80000001));
	c = compile_source(s);
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct world w = some_task();

		w.ppid = ids[i];
		assert_int_equal(passes(&c, &w), 0);
		w.ppid = i % 2 ? 17 : 0x80000001;
		assert_int_equal(passes(&c, &w), 1);
	}
	compiled_clear(&c);
}

static void test_parent(void **state)
{
	(void)state;
	check_parent(false);
	check_parent(true);
}

static void test_followed(void **state)
{
	struct source *s = new_source();
	struct world w = some_task();
	struct compiled c;

	(void)state;
	define_task(s);
	source_define(s, "FOLLOW", "1");
	source_define(s, "FOLLOW_MAX", "100");
	source_define(s, "FOLLOW_FLAGS", "0");
	c = compile_source(s);
	assert_int_equal(passes(&c, &w), 0);
	w.followed[w.nfollowed++] = w.tid; /* processes are followed, not threads */
	assert_int_equal(passes(&c, &w), 0);
	w.followed[w.nfollowed++] = w.pid;
	assert_int_equal(passes(&c, &w), 1);
	/* One that is held is followed: what it does is for the program to tell. */
	w.state = FOLLOW_HELD;
	assert_int_equal(passes(&c, &w), 1);
	compiled_clear(&c);
}

/*
 * In a PID namespace two below the initial one: ids are those of that namespace, for tasks in it
 * and below it; others have the id 0.
 */
static void test_namespace(void **state)
{
	struct source *s = new_source();
	struct compiled c;

	(void)state;
	define_task(s);
	define_namespace(s);
	source_define(s, "FILTER_PID(id)", "((id) == PARAMETER(%d))", source_parameter(s, 700));
	source_define(s, "FILTER_TID(id)", "((id) == PARAMETER(%d))", source_parameter(s, 701));
	source_define(s, "FILTER_PPID(id)", "((id) == PARAMETER(%d))", source_parameter(s, 17));
	c = compile_source(s);
	for (unsigned wrong = 0; wrong < 8; wrong++) {
		for (size_t level = 0; level < LEVELS; level++) {
			struct world w = some_task();

			w.level = level;
			w.ppid = 17 + (wrong & 1);
			w.pid += wrong >> 1 & 1;
			w.tid += wrong >> 2 & 1;
			assert_int_equal(passes(&c, &w), !wrong && level >= 2);
		}
	}
	compiled_clear(&c);
}

static void check_name(const struct compiled *c, const char *pattern, const char *name)
{
	struct world w = some_task();

	/* A name of 15 bytes and its NUL; what is behind a shorter one's NUL is not part of it. */
	memset(w.comm, '!', sizeof(w.comm));
	memcpy(w.comm, name, strlen(name) + 1);
	w.comm[15] = '\0';
	if (passes(c, &w) != (fnmatch(pattern, name, 0) == 0))
		fail_msg("'%s' and '%s'", pattern, name);
}

static void test_names(void **state)
{
	static const char *const patterns[] = {
		"bash",
		"ba*",
		"*sh",
		"?",
		"*",
		"**a*",
		"",
		"b[a-c]s[!a]",
		"[!a-y]*",
		"*[0-9]",
		"[]x]*",
		"\\*",
		"py*3.1?",
		"*\xc3\xa9",
		"[\x80-\xff]*",
		"???????????????",
		"*5",
		"kworker/[0-9]*:*",
		"[^\xc3]*",
		"[z-a]*",
		"*a*a*a*",
		"[\x01-\x1f]*",
	};
	static const char *const names[] = {
		"",
		"a",
		"b",
		"z",
		"bash",
		"basz",
		"sh",
		"python3.11",
		"python3.1",
		"kworker/0:1",
		"kworker/u4:2-ev",
		"caf\xc3\xa9",
		"\xc3\xa9",
		"\xff",
		"\x80",
		"\x7f",
		"\x01",
		"]",
		"x",
		"*",
		"123456789012345",
		"aaaaaaaaaaaaaaa",
		"abababababababa",
		"bbbbbbbbbbbbbba",
		"12345678901234",
	};

	(void)state;
	for (size_t p = 0; p < COUNT(patterns); p++) {
		struct filter filter = FILTER_INIT;
		struct compiled c;

		filter.name = patterns[p];
		c = compile_filter(&filter);
		for (size_t n = 0; n < COUNT(names); n++)
			check_name(&c, patterns[p], names[n]);
		for (int byte = 1; byte < 256; byte++)
			check_name(&c, patterns[p], (const char[]){ (char)byte, '\0' });
		compiled_clear(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),     cmocka_unit_test(test_ids),
		cmocka_unit_test(test_together), cmocka_unit_test(test_parent),
		cmocka_unit_test(test_followed), cmocka_unit_test(test_namespace),
		cmocka_unit_test(test_names),
	};

	become_nobody();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
