/* SPDX-License-Identifier: MIT */
/*
 * Compiled objects. Input that begins like ELF is read: what is read lies within its bounds and is
 * the same when written and read again. Other input describes an object, which is written and
 * read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "object.h"

static void check_bounds(const struct object *o)
{
	HOLDS(o->nmaps <= OBJECT_MAPS_MAX && o->nprograms <= OBJECT_PROGRAMS_MAX);
	for (size_t i = 0; i < o->nmaps; i++) {
		const struct object_map *m = &o->maps[i];

		HOLDS(memchr(m->name, '\0', sizeof(m->name)));
		/* A template is no map of maps itself: the loader makes templates first. */
		HOLDS(m->inner >= -1 && m->inner < (int)o->nmaps &&
		      (m->inner < 0 || o->maps[m->inner].inner < 0));
	}
	for (size_t i = 0; i < o->nprograms; i++) {
		const struct object_program *p = &o->programs[i];

		HOLDS(memchr(p->name, '\0', sizeof(p->name)) &&
		      memchr(p->target, '\0', sizeof(p->target)));
		HOLDS(p->hook.kind < HOOK_KINDS && p->hook.function == p->name &&
		      p->hook.target == p->target);
		HOLDS(p->ninsns && p->ninsns <= OBJECT_INSNS_MAX);
		for (size_t n = 0; n < p->nrelocs; n++)
			HOLDS(p->relocs[n].insn + 1 < p->ninsns && p->relocs[n].map < o->nmaps);
	}
}

static void check_same(const struct object *a, const struct object *b)
{
	HOLDS(a->nmaps == b->nmaps && a->nprograms == b->nprograms);
	for (size_t i = 0; i < a->nmaps; i++) {
		const struct object_map *x = &a->maps[i], *y = &b->maps[i];

		HOLDS(strcmp(x->name, y->name) == 0 && x->type == y->type &&
		      x->key_size == y->key_size);
		HOLDS(x->value_size == y->value_size && x->max_entries == y->max_entries &&
		      x->flags == y->flags);
		HOLDS((x->inner < 0) == (y->inner < 0));
	}
	for (size_t i = 0; i < a->nprograms; i++) {
		const struct object_program *x = &a->programs[i], *y = &b->programs[i];

		HOLDS(strcmp(x->name, y->name) == 0 && x->hook.kind == y->hook.kind &&
		      strcmp(x->target, y->target) == 0);
		HOLDS(x->ninsns == y->ninsns &&
		      memcmp(x->insns, y->insns, x->ninsns * sizeof(*x->insns)) == 0);
		HOLDS(x->nrelocs == y->nrelocs);
		for (size_t n = 0; n < x->nrelocs; n++)
			HOLDS(x->relocs[n].insn == y->relocs[n].insn &&
			      x->relocs[n].map == y->relocs[n].map);
	}
}

/* Do names tell maps apart, and programs? Without that, a file cannot tell them apart either. */
static bool names_differ(const struct object *o)
{
	for (size_t i = 0; i < o->nmaps; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(o->maps[i].name, o->maps[j].name) == 0)
				return false;
	for (size_t i = 0; i < o->nmaps; i++)
		if (!o->maps[i].name[0])
			return false;
	return true;
}

static void round_trip(const struct object *o)
{
	struct error err = ERROR_INIT;
	struct object again;
	int fd = memfd_create("object", MFD_CLOEXEC);
	off_t len;
	void *bytes;

	HOLDS(fd >= 0);
	if (object_write(o, fd, &err) == 0) {
		len = lseek(fd, 0, SEEK_END);
		bytes = mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE, fd, 0);
		HOLDS(bytes != MAP_FAILED && object_read(&again, bytes, (size_t)len, &err) == 0);
		check_bounds(&again);
		check_same(o, &again);
		object_clear(&again);
		munmap(bytes, (size_t)len);
	}
	error_clear(&err);
	close(fd);
}

static void read_bytes(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	struct object o;
	int r = object_read(&o, data, size, &err);

	HOLDS(r == 0 || r == -EINVAL);
	HOLDS(r == 0 || (err.code == r && err.text[0]));
	if (r == 0) {
		check_bounds(&o);
		if (names_differ(&o))
			round_trip(&o);
	}
	object_clear(&o);
	error_clear(&err);
}

static void make_map(struct object_map *m, size_t number, struct input *input)
{
	*m = (struct object_map){
		.type = (uint32_t)input_number(input, 1),
		.key_size = (uint32_t)input_number(input, 2),
		.value_size = (uint32_t)input_number(input, 2),
		.max_entries = (uint32_t)input_number(input, 3),
		.flags = (uint32_t)input_number(input, 2),
		.inner = -1,
	};
	snprintf(m->name, sizeof(m->name), "map_%zu", number);
}

static void make_program(struct object_program *p, size_t number, struct input *input, size_t nmaps)
{
	static const char *const targets[] = { "sys_exit", "task_newtask", "x" };
	char function[OBJECT_NAME_MAX];
	const struct hook hook = { (enum hook_kind)(input_number(input, 1) % HOOK_KINDS), function,
				   targets[number % 3] };

	snprintf(function, sizeof(function), "function_%zu", number);
	HOLDS(object_set_hook(p, &hook) == 0);
	p->ninsns = 2 + input_number(input, 1);
	p->insns = calloc(p->ninsns, sizeof(*p->insns));
	p->relocs = calloc(p->ninsns, sizeof(*p->relocs));
	HOLDS(p->insns && p->relocs);
	for (size_t i = 0; i + 1 < p->ninsns; i++) {
		if (!nmaps || input_number(input, 1) < 192)
			continue;
		p->insns[i].code = BPF_LD | BPF_DW | BPF_IMM;
		p->relocs[p->nrelocs++] =
			(struct object_reloc){ (uint32_t)i,
					       (uint32_t)(input_number(input, 1) % nmaps) };
		i++;
	}
}

static void make_object(struct input input)
{
	struct object *o = calloc(1, sizeof(*o));

	HOLDS(o);
	o->nmaps = input_number(&input, 1) % (OBJECT_MAPS_MAX + 1);
	o->nprograms = input_number(&input, 1) % (OBJECT_PROGRAMS_MAX + 1);
	for (size_t i = 0; i < o->nmaps; i++)
		make_map(&o->maps[i], i, &input);
	if (o->nmaps > 1 && input_number(&input, 1) % 2)
		o->maps[1].inner = 0;
	for (size_t i = 0; i < o->nprograms; i++)
		make_program(&o->programs[i], i, &input, o->nmaps);
	round_trip(o);
	object_clear(o);
	free(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size >= 4 && memcmp(data, "\177ELF", 4) == 0)
		read_bytes(data, size);
	else
		make_object((struct input){ data, size });
	return 0;
}
