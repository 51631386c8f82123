/* SPDX-License-Identifier: MIT */
/*
 * Writing an object as ELF.
 *
 * The file has a section for each program, named after its hook, with a section of relocations;
 * `.maps`, whose variables `.BTF` describes; `license`; and a symbol for each program and map.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <elf.h>
#include <errno.h>
#include <libelf.h>
#include <string.h>

#include "cleanup.h"
#include "object.h"
#include "object_btf.h"

enum {
	RELOC_64_64 = 1, /* R_BPF_64_64, which older <elf.h> do not have: a 64-bit load */
	SYMBOLS_MAX = 1 + OBJECT_PROGRAMS_MAX + OBJECT_MAPS_MAX,
};

static const char license[] = "GPL";

/* A string table under construction, large enough for all names of an object at their longest. */
struct strings {
	char bytes[16384];
	size_t len;
};
_Static_assert(OBJECT_PROGRAMS_MAX *(2 * HOOK_NAME_MAX + 4) + 256 <=
		       sizeof(((struct strings *)0)->bytes),
	       "the names of all programs' sections fit");

struct writer {
	const struct object *object;
	Elf *elf;
	struct strings section_names, symbol_names;
	Elf64_Sym symbols[SYMBOLS_MAX];
	size_t nsymbols;
	Elf64_Rel *relocs[OBJECT_PROGRAMS_MAX];
	char maps[OBJECT_MAPS_MAX * OBJECT_BTF_MAP_SIZE];
	struct btf *btf;
};

static Elf64_Word strings_add(struct strings *s, const char *text)
{
	size_t at = s->len, size = strlen(text) + 1;

	if (at + size > sizeof(s->bytes))
		return 0;
	memcpy(s->bytes + at, text, size);
	s->len += size;
	return (Elf64_Word)at;
}

/*
 * Add a section.
 * @bytes: borrowed until elf_update()
 * @index: result: the section's number
 * Return: its header, or NULL if there is no memory.
 */
static Elf64_Shdr *add_section(struct writer *w, const char *name, Elf64_Word type,
			       const void *bytes, size_t size, size_t *index)
{
	Elf_Scn *scn = elf_newscn(w->elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	Elf64_Shdr *header = data ? elf64_getshdr(scn) : NULL;

	if (!header)
		return NULL;
	data->d_buf = (void *)bytes;
	data->d_size = size;
	data->d_type = type == SHT_SYMTAB ? ELF_T_SYM : type == SHT_REL ? ELF_T_REL : ELF_T_BYTE;
	data->d_align = type == SHT_STRTAB ? 1 : 8;
	header->sh_name = strings_add(&w->section_names, name);
	header->sh_type = type;
	*index = elf_ndxscn(scn);
	return header;
}

static void add_symbol(struct writer *w, const char *name, unsigned char type, size_t section,
		       size_t value, size_t size)
{
	w->symbols[w->nsymbols++] = (Elf64_Sym){
		.st_name = strings_add(&w->symbol_names, name),
		.st_info = ELF64_ST_INFO(STB_GLOBAL, type),
		.st_shndx = (Elf64_Section)section,
		.st_value = value,
		.st_size = size,
	};
}

/* Called first, so map number i is symbol number i + 1. */
static int write_maps(struct writer *w)
{
	const struct object *o = w->object;
	size_t section;
	Elf64_Shdr *header;

	header = add_section(w, ".maps", SHT_PROGBITS, w->maps, o->nmaps * OBJECT_BTF_MAP_SIZE,
			     &section);
	if (!header)
		return -ENOMEM;
	header->sh_flags = SHF_ALLOC | SHF_WRITE;
	for (size_t i = 0; i < o->nmaps; i++)
		add_symbol(w, o->maps[i].name, STT_OBJECT, section, i * OBJECT_BTF_MAP_SIZE,
			   OBJECT_BTF_MAP_SIZE);
	return 0;
}

/* @section, @section_name: the program's section */
static int write_relocs(struct writer *w, size_t number, size_t section, const char *section_name,
			Elf64_Shdr **header)
{
	const struct object_program *p = &w->object->programs[number];
	Elf64_Rel *relocs = w->relocs[number] = calloc(p->nrelocs, sizeof(*relocs));
	char name[HOOK_NAME_MAX + 4];
	size_t index;

	if (!relocs)
		return -ENOMEM;
	for (size_t i = 0; i < p->nrelocs; i++) {
		relocs[i].r_offset = p->relocs[i].insn * sizeof(*p->insns);
		relocs[i].r_info = ELF64_R_INFO(p->relocs[i].map + 1, RELOC_64_64);
	}
	snprintf(name, sizeof(name), ".rel%s", section_name);
	*header = add_section(w, name, SHT_REL, relocs, p->nrelocs * sizeof(*relocs), &index);
	if (!*header)
		return -ENOMEM;
	(*header)->sh_info = (Elf64_Word)section;
	(*header)->sh_entsize = sizeof(*relocs);
	return 0;
}

/* Return: 0 or -ENOMEM. @reloc_header: write_tables() links it to the symbols; NULL: none */
static int write_program(struct writer *w, size_t number, Elf64_Shdr **reloc_header)
{
	const struct object_program *p = &w->object->programs[number];
	char section_name[HOOK_NAME_MAX];
	Elf64_Shdr *header;
	size_t section;

	header = add_section(w, hook_section(&p->hook, section_name), SHT_PROGBITS, p->insns,
			     p->ninsns * sizeof(*p->insns), &section);
	if (!header)
		return -ENOMEM;
	header->sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	add_symbol(w, p->name, STT_FUNC, section, 0, p->ninsns * sizeof(*p->insns));
	*reloc_header = NULL;
	return p->nrelocs ? write_relocs(w, number, section, section_name, reloc_header) : 0;
}

static int write_tables(struct writer *w, Elf64_Shdr *const *reloc_headers)
{
	size_t symtab, strtab, shstrtab;
	Elf64_Shdr *symbols, *names;

	symbols = add_section(w, ".symtab", SHT_SYMTAB, w->symbols, w->nsymbols * sizeof(Elf64_Sym),
			      &symtab);
	if (!symbols || !add_section(w, ".strtab", SHT_STRTAB, w->symbol_names.bytes,
				     w->symbol_names.len, &strtab))
		return -ENOMEM;
	symbols->sh_link = (Elf64_Word)strtab;
	symbols->sh_info = 1; /* the first symbol that is not local */
	symbols->sh_entsize = sizeof(Elf64_Sym);
	for (size_t i = 0; i < w->object->nprograms; i++)
		if (reloc_headers[i])
			reloc_headers[i]->sh_link = (Elf64_Word)symtab;
	/* The table of section names holds its own name, which counts towards its size. */
	strings_add(&w->section_names, ".shstrtab");
	names = add_section(w, ".shstrtab", SHT_STRTAB, w->section_names.bytes,
			    w->section_names.len + sizeof(".shstrtab"), &shstrtab);
	if (!names)
		return -ENOMEM;
	elf64_getehdr(w->elf)->e_shstrndx = (Elf64_Half)shstrtab;
	return 0;
}

static int write_sections(struct writer *w)
{
	Elf64_Shdr *reloc_headers[OBJECT_PROGRAMS_MAX] = { NULL };
	const void *btf;
	uint32_t btf_size;
	size_t index;
	int r;

	w->symbols[w->nsymbols++] = (Elf64_Sym){ 0 };
	strings_add(&w->section_names, "");
	strings_add(&w->symbol_names, "");
	r = write_maps(w);
	for (size_t i = 0; r == 0 && i < w->object->nprograms; i++)
		r = write_program(w, i, &reloc_headers[i]);
	if (r < 0)
		return r;
	btf = btf__raw_data(w->btf, &btf_size);
	if (!btf || !add_section(w, ".BTF", SHT_PROGBITS, btf, btf_size, &index) ||
	    !add_section(w, "license", SHT_PROGBITS, license, sizeof(license), &index))
		return -ENOMEM;
	return write_tables(w, reloc_headers);
}

static int write_elf(struct writer *w, int fd, struct error *err)
{
	Elf64_Ehdr *header;
	int r;

	elf_version(EV_CURRENT);
	w->elf = elf_begin(fd, ELF_C_WRITE, NULL);
	header = w->elf ? elf64_newehdr(w->elf) : NULL;
	if (!header)
		return error_set(err, -EIO, "writing the compiled object: %s", elf_errmsg(-1));
	header->e_ident[EI_DATA] =
		__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	header->e_type = ET_REL;
	header->e_machine = EM_BPF;
	header->e_version = EV_CURRENT;
	r = write_sections(w);
	if (r < 0 || elf_update(w->elf, ELF_C_WRITE) < 0)
		return error_set(err, r < 0 ? r : -EIO, "writing the compiled object: %s",
				 elf_errmsg(-1));
	return 0;
}

int object_write(const struct object *object, int fd, struct error *err)
{
	struct writer *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return error_nomem(err);
	w->object = object;
	r = object_btf_write(object, &w->btf, err);
	if (r == 0)
		r = write_elf(w, fd, err);
	elf_end(w->elf);
	btf__free(w->btf);
	for (size_t i = 0; i < object->nprograms; i++)
		free(w->relocs[i]);
	free(w);
	return r;
}
