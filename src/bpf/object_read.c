/* SPDX-License-Identifier: MIT */
/*
 * Reading an object from ELF.
 *
 * The bytes come from an unprivileged child that ran a compiler, or from a file, so this code
 * checks every value in them before it uses it. libelf and libbpf check the structure of ELF and
 * BTF. The first walk over the sections reads what needs no other section; the second follows
 * references between them.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "cleanup.h"
#include "object.h"
#include "object_btf.h"

struct reader {
	struct object *object;
	Elf *elf;
	size_t names;      /* section with the names of sections */
	size_t maps_index; /* section `.maps` */
	const Elf64_Sym *symbols;
	size_t nsymbols;
	size_t symbol_names;                  /* section with the names of symbols */
	size_t programs[OBJECT_PROGRAMS_MAX]; /* section of each program */
	struct error *err;
};

static int malformed(struct reader *r, const char *what)
{
	/* libelf and libbpf do not tell bad bytes from too little memory. */
	if (errno == ENOMEM)
		return error_nomem(r->err);
	return error_set(r->err, -EINVAL, "compiled object: %s", what);
}

static const void *section_bytes(Elf_Scn *scn, size_t *size)
{
	Elf_Data *data = elf_getdata(scn, NULL);

	*size = data && data->d_buf ? data->d_size : 0;
	return *size ? data->d_buf : NULL;
}

static int read_btf(struct reader *r, Elf_Scn *scn)
{
	size_t size;
	const void *bytes = section_bytes(scn, &size);
	struct btf *btf = bytes ? btf__new(bytes, (uint32_t)size) : NULL;
	int ret;

	if (!btf)
		return malformed(r, "its BTF cannot be read");
	ret = object_btf_read(r->object, btf, r->err);
	btf__free(btf);
	return ret;
}

static int read_symbols(struct reader *r, Elf_Scn *scn, const GElf_Shdr *header)
{
	size_t size;

	r->symbols = section_bytes(scn, &size);
	r->nsymbols = r->symbols ? size / sizeof(*r->symbols) : 0;
	r->symbol_names = header->sh_link;
	return 0;
}

static int read_program(struct reader *r, Elf_Scn *scn, const char *section)
{
	struct object_program *p = &r->object->programs[r->object->nprograms];
	size_t size;
	const void *bytes = section_bytes(scn, &size);
	struct hook hook = { .function = "" }; /* read_names() finds it */

	if (r->object->nprograms == OBJECT_PROGRAMS_MAX)
		return malformed(r, "too many programs");
	if (strlen(section) >= HOOK_NAME_MAX || hook_parse(&hook, section) < 0 ||
	    object_set_hook(p, &hook) < 0)
		return malformed(r, "a program has no hook");
	if (!bytes || size % sizeof(struct bpf_insn) ||
	    size / sizeof(struct bpf_insn) > OBJECT_INSNS_MAX)
		return malformed(r, "a program's size is wrong");
	p->insns = malloc(size);
	if (!p->insns)
		return error_nomem(r->err);
	memcpy(p->insns, bytes, size);
	p->ninsns = size / sizeof(struct bpf_insn);
	r->programs[r->object->nprograms++] = elf_ndxscn(scn);
	return 0;
}

/* First walk. */
static int read_section(struct reader *r, Elf_Scn *scn)
{
	GElf_Shdr copy; /* in the file it may not be aligned */
	const GElf_Shdr *header = gelf_getshdr(scn, &copy);
	const char *name = header ? elf_strptr(r->elf, r->names, header->sh_name) : NULL;

	if (!name)
		return malformed(r, "a section has no name");
	if (strcmp(name, ".maps") == 0)
		r->maps_index = elf_ndxscn(scn);
	if (strcmp(name, ".BTF") == 0)
		return read_btf(r, scn);
	if (header->sh_type == SHT_SYMTAB)
		return read_symbols(r, scn, header);
	if (header->sh_type == SHT_PROGBITS && (header->sh_flags & SHF_EXECINSTR))
		return read_program(r, scn, name);
	return 0;
}

static struct object_program *program_of_section(struct reader *r, size_t section)
{
	for (size_t i = 0; i < r->object->nprograms; i++)
		if (r->programs[i] == section)
			return &r->object->programs[i];
	return NULL;
}

/* Return: index of the map that a symbol names, or a negative errno. */
static int map_of_symbol(struct reader *r, size_t symbol)
{
	const char *name;

	if (symbol >= r->nsymbols || r->symbols[symbol].st_shndx != r->maps_index)
		return -EINVAL;
	name = elf_strptr(r->elf, r->symbol_names, r->symbols[symbol].st_name);
	return name ? object_map(r->object, name) : -EINVAL;
}

static int read_relocs(struct reader *r, Elf_Scn *scn, const GElf_Shdr *header)
{
	struct object_program *p = program_of_section(r, header->sh_info);
	size_t size;
	const Elf64_Rel *rel = section_bytes(scn, &size);

	if (!p || !rel || p->relocs)
		return malformed(r, "relocations without a program");
	p->relocs = calloc(size / sizeof(*rel) + 1, sizeof(*p->relocs));
	if (!p->relocs)
		return error_nomem(r->err);
	for (size_t i = 0; i < size / sizeof(*rel); i++) {
		size_t insn = rel[i].r_offset / sizeof(struct bpf_insn);
		int map = map_of_symbol(r, ELF64_R_SYM(rel[i].r_info));

		/* The address is loaded by a 64-bit load, which takes two slots. */
		if (map < 0 || insn + 1 >= p->ninsns ||
		    p->insns[insn].code != (BPF_LD | BPF_DW | BPF_IMM))
			return malformed(r, "a relocation points nowhere");
		p->relocs[p->nrelocs++] = (struct object_reloc){ (uint32_t)insn, (uint32_t)map };
	}
	return 0;
}

/* A name that is too long is left out: nothing but messages depends on it. */
static void read_names(struct reader *r)
{
	for (size_t i = 0; i < r->nsymbols; i++) {
		struct object_program *p = program_of_section(r, r->symbols[i].st_shndx);
		const char *name =
			p ? elf_strptr(r->elf, r->symbol_names, r->symbols[i].st_name) : NULL;

		if (name && strlen(name) < sizeof(p->name))
			memcpy(p->name, name, strlen(name) + 1);
	}
}

/* Second walk. */
static int read_references(struct reader *r)
{
	for (Elf_Scn *scn = elf_nextscn(r->elf, NULL); scn; scn = elf_nextscn(r->elf, scn)) {
		GElf_Shdr copy;
		const GElf_Shdr *header = gelf_getshdr(scn, &copy);

		if (header && header->sh_type == SHT_REL) {
			int ret = read_relocs(r, scn, header);

			if (ret < 0)
				return ret;
		}
	}
	read_names(r);
	return 0;
}

static int read_elf(struct reader *r)
{
	const Elf64_Ehdr *header = elf64_getehdr(r->elf);
	size_t sections = 1; /* elf_nextscn() leaves out number 0 */

	if (!header || header->e_machine != EM_BPF || elf_getshdrstrndx(r->elf, &r->names) != 0)
		return malformed(r, "not a BPF ELF file");
	for (Elf_Scn *scn = elf_nextscn(r->elf, NULL); scn;
	     scn = elf_nextscn(r->elf, scn), sections++) {
		int ret = read_section(r, scn);

		if (ret < 0)
			return ret;
	}
	/* If the table of sections is cut off, libelf reports no sections and no error. */
	return sections == header->e_shnum ? read_references(r)
					   : malformed(r, "sections are missing");
}

int object_read(struct object *object, const void *data, size_t len, struct error *err)
{
	struct reader r = { .object = object, .err = err };
	cleanup_free void *copy = NULL;
	int ret;

	errno = 0;
	memset(object, 0, sizeof(*object));
	/* libelf needs an aligned image that it may write to. */
	copy = malloc(len ? len : 1);
	if (!copy)
		return error_nomem(err);
	memcpy(copy, data, len);
	elf_version(EV_CURRENT);
	r.elf = elf_memory(copy, len);
	ret = r.elf ? read_elf(&r) : malformed(&r, "not an ELF file");
	elf_end(r.elf);
	if (ret < 0)
		object_clear(object);
	return ret;
}
