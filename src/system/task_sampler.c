/* SPDX-License-Identifier: MIT */
/* Copies of a task's structures. See task_sampler.h. */
#define _GNU_SOURCE
#include "task_sampler.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>

#include "cleanup.h"

enum {
	PART = 512, /* bytes that one call of the helper copies */
	PARTS = TASK_SAMPLE_BYTES / PART,
	PARTS_POINTED = TASK_SAMPLE_POINTED / PART,
	INSNS_MAX = 256,
	/* On the program's stack. */
	COMM = -16,
	KEY = -20,
	POINTER = -32,
};

/*
 * struct aim - what the program waits for
 * @name:    never a task's name when nothing is waited for
 * @pointer: see task_sampler_aim(), as 64 bits
 */
struct aim {
	uint64_t name[TASK_SAMPLE_NAME / sizeof(uint64_t)];
	int64_t pointer;
};

static const struct aim no_aim = { .name = { 0, UINT64_MAX } };

/* A program as it is written; a jump to its end has the offset 0 until it is finished. */
struct code {
	struct bpf_insn insns[INSNS_MAX];
	unsigned count;
};

static void add(struct code *c, uint8_t code, unsigned dst, unsigned src, int off, int imm)
{
	c->insns[c->count++] = (struct bpf_insn){
		.code = code,
		.dst_reg = (uint8_t)(dst & 0xf),
		.src_reg = (uint8_t)(src & 0xf),
		.off = (int16_t)off,
		.imm = imm,
	};
}

static void load(struct code *c, unsigned dst, unsigned src, int off)
{
	add(c, BPF_LDX | BPF_MEM | BPF_DW, dst, src, off, 0);
}

static void store(struct code *c, unsigned dst, int off, unsigned src)
{
	add(c, BPF_STX | BPF_MEM | BPF_DW, dst, src, off, 0);
}

/* @dst = @src + @plus */
static void move_plus(struct code *c, unsigned dst, unsigned src, int plus)
{
	add(c, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
	if (plus)
		add(c, BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, plus);
}

static void call(struct code *c, int helper)
{
	add(c, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

/* End the program when two registers differ. */
static void end_unless_equal(struct code *c, unsigned a, unsigned b)
{
	add(c, BPF_JMP | BPF_JNE | BPF_X, a, b, 0, 0);
}

/* @dst: the only element of a map. */
static void look_up(struct code *c, int map, unsigned dst)
{
	add(c, BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, KEY, 0);
	add(c, BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map);
	add(c, 0, 0, 0, 0, 0);
	move_plus(c, BPF_REG_2, BPF_REG_10, KEY);
	call(c, BPF_FUNC_map_lookup_elem);
	add(c, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 0, 0);
	move_plus(c, dst, BPF_REG_0, 0);
}

/* @to + @to_plus: @size bytes from @from + @from_plus. */
static void copy(struct code *c, unsigned to, int to_plus, int size, unsigned from, int from_plus)
{
	move_plus(c, BPF_REG_1, to, to_plus);
	add(c, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, size);
	move_plus(c, BPF_REG_3, from, from_plus);
	call(c, BPF_FUNC_probe_read);
}

/* Registers: 6 the context, 7 the aim, 8 the sample, 9 what is copied. */
static void write_filter(struct code *c, const struct task_sampler *s)
{
	move_plus(c, BPF_REG_6, BPF_REG_1, 0);
	move_plus(c, BPF_REG_1, BPF_REG_10, COMM);
	add(c, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, TASK_SAMPLE_NAME);
	call(c, BPF_FUNC_get_current_comm);
	look_up(c, s->aim, BPF_REG_7);
	for (int half = 0; half < TASK_SAMPLE_NAME; half += 8) {
		load(c, BPF_REG_1, BPF_REG_7, half);
		load(c, BPF_REG_2, BPF_REG_10, COMM + half);
		end_unless_equal(c, BPF_REG_1, BPF_REG_2);
	}
	add(c, BPF_ST | BPF_MEM | BPF_DW, BPF_REG_7, 0, 8, -1);
}

/* After the filter: who it is, the member if one is to be followed, and the bytes. */
static void write_copy(struct code *c, const struct task_sampler *s)
{
	const int bytes = offsetof(struct task_sample, bytes);

	look_up(c, s->sample, BPF_REG_8);
	call(c, BPF_FUNC_get_current_pid_tgid);
	store(c, BPF_REG_8, offsetof(struct task_sample, ids), BPF_REG_0);
	load(c, BPF_REG_1, BPF_REG_6, 0);
	store(c, BPF_REG_8, offsetof(struct task_sample, arg), BPF_REG_1);
	call(c, BPF_FUNC_get_current_task);
	store(c, BPF_REG_8, offsetof(struct task_sample, task), BPF_REG_0);
	move_plus(c, BPF_REG_9, BPF_REG_0, 0);
	load(c, BPF_REG_7, BPF_REG_7, offsetof(struct aim, pointer));
	/* Without a member, over the seven instructions that follow it. */
	add(c, BPF_JMP | BPF_JSGE | BPF_K, BPF_REG_7, 0, 1, 0);
	add(c, BPF_JMP | BPF_JA, 0, 0, 7, 0);
	add(c, BPF_ALU64 | BPF_ADD | BPF_X, BPF_REG_9, BPF_REG_7, 0, 0);
	copy(c, BPF_REG_10, POINTER, 8, BPF_REG_9, 0);
	load(c, BPF_REG_9, BPF_REG_10, POINTER);
	for (int i = 0; i < PARTS; i++) {
		if (i == PARTS_POINTED)
			add(c, BPF_JMP | BPF_JSGE | BPF_K, BPF_REG_7, 0, 0, 0);
		copy(c, BPF_REG_8, bytes + i * PART, PART, BPF_REG_9, i * PART);
	}
}

/* Jumps that have no target yet go to the end. */
static void write_end(struct code *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		uint8_t code = c->insns[i].code;

		if (BPF_CLASS(code) == BPF_JMP && BPF_OP(code) != BPF_CALL && !c->insns[i].off)
			c->insns[i].off = (int16_t)(c->count - i - 1);
	}
	add(c, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0);
	add(c, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int load_program(const struct task_sampler *s)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	struct code c = { .count = 0 };

	write_filter(&c, s);
	write_copy(&c, s);
	write_end(&c);
	return bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "task_sampler", "GPL", c.insns, c.count,
			     &opts);
}

int task_sampler_open(struct task_sampler *s, struct error *err)
{
	s->aim = bpf_map_create(BPF_MAP_TYPE_ARRAY, "aim", 4, sizeof(struct aim), 1, NULL);
	s->sample = bpf_map_create(BPF_MAP_TYPE_ARRAY, "sample", 4, sizeof(struct task_sample), 1,
				   NULL);
	if (s->aim < 0 || s->sample < 0)
		return error_set(err, s->aim < 0 ? s->aim : s->sample, "making a map: %s",
				 error_words(s->aim < 0 ? s->aim : s->sample));
	s->program = load_program(s);
	if (s->program < 0)
		return error_set(err, s->program, "loading the program that copies a task: %s",
				 error_words(s->program));
	return 0;
}

static void detach(struct task_sampler *s)
{
	if (s->link >= 0)
		close(steal_fd(&s->link));
}

void task_sampler_close(struct task_sampler *s)
{
	int *const fds[] = { &s->program, &s->aim, &s->sample };

	detach(s);
	for (size_t i = 0; i < array_size(fds); i++)
		if (*fds[i] >= 0)
			close(steal_fd(fds[i]));
}

int task_sampler_attach(struct task_sampler *s, const char *tracepoint)
{
	uint32_t zero = 0;
	int r = bpf_map_update_elem(s->aim, &zero, &no_aim, BPF_ANY);

	detach(s);
	if (r == 0)
		s->link = bpf_raw_tracepoint_open(tracepoint, s->program);
	return r < 0 ? r : s->link < 0 ? s->link : 0;
}

int task_sampler_aim(const struct task_sampler *s, const char *name, int pointer)
{
	struct aim aim = { .pointer = pointer };
	uint32_t zero = 0;

	memcpy(aim.name, name, TASK_SAMPLE_NAME);
	return bpf_map_update_elem(s->aim, &zero, &aim, BPF_ANY);
}

int task_sampler_take(const struct task_sampler *s, struct task_sample *sample)
{
	uint32_t zero = 0;
	struct aim aim;
	int r = bpf_map_lookup_elem(s->aim, &zero, &aim);

	if (r == 0 && aim.name[1] != no_aim.name[1])
		r = -EAGAIN;
	return r == 0 ? bpf_map_lookup_elem(s->sample, &zero, sample) : r;
}
