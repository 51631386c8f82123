/* SPDX-License-Identifier: MIT */
/* What the targets share. See fuzz.h. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <ftw.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *property, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, property);
	abort();
}

/* ---- input ---- */

uint64_t input_number(struct input *input, size_t bytes)
{
	uint64_t number = 0;

	for (; bytes && input->left; bytes--, input->at++, input->left--)
		number = number << 8 | *input->at;
	return number;
}

uint8_t *input_bytes(struct input *input, size_t len, size_t *got)
{
	uint8_t *bytes;

	*got = len < input->left ? len : input->left;
	bytes = malloc(*got ? *got : 1);
	HOLDS(bytes);
	memcpy(bytes, input->at, *got);
	input->at += *got;
	input->left -= *got;
	return bytes;
}

char *input_text(struct input *input, char separator)
{
	const uint8_t *end = input->left ? memchr(input->at, separator, input->left) : NULL;
	size_t len = end ? (size_t)(end - input->at) : input->left;
	size_t used = strnlen((const char *)input->at, len);
	char *text = malloc(used + 1);

	HOLDS(text);
	memcpy(text, input->at, used);
	text[used] = '\0';
	input->at += len + (end != NULL);
	input->left -= len + (end != NULL);
	return text;
}

/* ---- text ---- */

/* Return: the length of the character, 0 if it is none. */
static size_t character(const unsigned char *p, size_t len, uint32_t *c)
{
	size_t n = p[0] < 0x80             ? 1
		   : (p[0] & 0xe0) == 0xc0 ? 2
		   : (p[0] & 0xf0) == 0xe0 ? 3
		   : (p[0] & 0xf8) == 0xf0 ? 4
					   : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (!n || n > len)
		return 0;
	*c = n == 1 ? p[0] : p[0] & (0xff >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		*c = *c << 6 | (p[i] & 63);
	}
	return *c < least[n] || *c > 0x10ffff || (*c >> 11) == 0x1b ? 0 : n;
}

static bool is_control(uint32_t c)
{
	return c < 32 || (c >= 127 && c < 160) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

bool is_utf8(const char *bytes, size_t len)
{
	uint32_t c;

	for (size_t at = 0, n; at < len; at += n) {
		n = character((const unsigned char *)bytes + at, len - at, &c);
		if (!n)
			return false;
	}
	return true;
}

bool is_safe(const char *bytes, size_t len, bool lines)
{
	uint32_t c;

	for (size_t at = 0, n; at < len; at += n) {
		n = character((const unsigned char *)bytes + at, len - at, &c);
		if (!n || (is_control(c) && !(lines && c == '\n')))
			return false;
	}
	return true;
}

/* ---- files ---- */

static char directory[200];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_directory(void)
{
	nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_directory(void)
{
	const char *tmp = getenv("TMPDIR");

	if (!directory[0]) {
		snprintf(directory, sizeof(directory), "%.150s/bcc-tools-fuzz-XXXXXX",
			 tmp ? tmp : "/tmp");
		HOLDS(mkdtemp(directory));
		atexit(remove_directory);
	}
	return directory;
}

/* ---- reports ---- */

static void check_json(const char *bytes, size_t len)
{
	/* Its integers have a sign; ours may have 64 bits without. */
	json_error_t error;
	json_t *object = json_loadb(
		bytes, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL,
		&error);

	if (!object)
		fprintf(stderr, "not JSON: %s: %.*s\n", error.text, (int)len, bytes);
	HOLDS(json_is_object(object) && json_is_string(json_object_get(object, "type")));
	json_decref(object);
}

static size_t csv_fields(const char *bytes, size_t len)
{
	bool quoted = false;
	size_t fields = 1;

	for (size_t i = 0; i < len; i++) {
		quoted ^= bytes[i] == '"';
		fields += bytes[i] == ',' && !quoted;
	}
	HOLDS(!quoted);
	return fields;
}

static void check_output(enum report_format format, const char *bytes, size_t len)
{
	size_t fields = 0;

	HOLDS(!len || bytes[len - 1] == '\n');
	HOLDS(format == REPORT_JSON ? is_utf8(bytes, len) : is_safe(bytes, len, true));
	for (const char *line = bytes, *end; line < bytes + len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(bytes + len - line));
		if (format == REPORT_JSON)
			check_json(line, (size_t)(end - line));
		if (format != REPORT_CSV)
			continue;
		HOLDS(!fields || csv_fields(line, (size_t)(end - line)) == fields);
		fields = csv_fields(line, (size_t)(end - line));
	}
}

void fuzz_report(const struct report_options *options,
		 void (*print)(struct report *report, void *context), void *context)
{
	static const enum report_format formats[] = { REPORT_TABLE, REPORT_JSON, REPORT_CSV };
	static const struct report_start start = { .tool = "fuzz", .version = "0", .kernel = "0" };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct report_options own = *options;
		struct error err = ERROR_INIT;
		struct report *report;
		char *bytes = NULL;
		size_t len = 0;

		own.format = formats[i];
		own.layout.streaming = true;
		own.out = open_memstream(&bytes, &len);
		HOLDS(own.out && report_new(&report, &own, &err) == 0);
		HOLDS(report_start(report, &start) == 0);
		print(report, context);
		HOLDS(report_flush(report) == 0);
		report_free(report);
		fclose(own.out);
		check_output(own.format, bytes, len);
		free(bytes);
	}
}
