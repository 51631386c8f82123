/* SPDX-License-Identifier: MIT */
/* The instructions, helpers and maps that a filter uses. See bpf_machine.h. */
#define _GNU_SOURCE
#include "bpf_machine.h"

#include <string.h>

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
	put_pointer(w->task + CRED, w->cred);
	put_u32(w->cred + EUID, w->euid);
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
int bpf_run(const struct object *object, const struct parameters *parameters, struct world *world)
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
