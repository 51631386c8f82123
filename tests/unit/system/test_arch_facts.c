/* SPDX-License-Identifier: MIT */
/* Where an architecture's registers lie, against the running kernel's own types. */
#include "unit.h"

#include "arch_facts.h"
#include "btf.h"

static void check_register(const struct btf_kernel *btf, const struct arch_register *reg)
{
	struct error err = ERROR_INIT;
	int start = btf_offset(btf, "pt_regs", reg->origin, &err);

	if (start < 0)
		fail_msg("%s: %s", reg->origin, err.text);
	assert_int_equal(reg->offset, start + reg->plus);
}

static void test_registers(void **state)
{
	struct error err = ERROR_INIT;
	struct btf_kernel *btf;

	(void)state;
	if (btf_kernel_open(&btf, false, &err) < 0) {
		error_clear(&err);
		skip();
	}
	check_register(btf, &arch_facts.number);
	for (int i = 0; i < ARCH_ARGUMENTS; i++) {
		check_register(btf, &arch_facts.arguments[i]);
		check_register(btf, &arch_facts.compat[i]);
	}
	btf_kernel_free(btf);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
