/* SPDX-License-Identifier: MIT */
/* What a run has left: which uses lack a capability, and how that reads. */
#include "unit.h"

#include "capabilities.h"
#include "privileges.h"

static void test_lacking(void **state)
{
	const struct privileges none = { 0 };
	const struct privileges one = { .capabilities = CAPABILITY_BIT(CAP_DAC_READ_SEARCH) };
	const struct privileges both = { .capabilities = CAPABILITY_BIT(CAP_DAC_READ_SEARCH) |
							 CAPABILITY_BIT(CAP_SYS_PTRACE) };
	const unsigned uses = PRIVILEGE_TASKS | PRIVILEGE_CGROUPS;

	(void)state;
	assert_int_equal(privileges_lacking(0, &none), 0);
	assert_int_equal(privileges_lacking(uses, &none), uses);
	/* Threads take two capabilities, cgroups one of these. */
	assert_int_equal(privileges_lacking(uses, &one), PRIVILEGE_TASKS);
	assert_int_equal(privileges_lacking(uses, &both), 0);
	assert_int_equal(privileges_lacking(PRIVILEGE_COMMAND, &both), PRIVILEGE_COMMAND);
}

static void check_text(struct privileges left, const char *want)
{
	char buf[256];

	assert_string_equal(privileges_text(&left, buf, sizeof(buf)), want);
}

static void test_text(void **state)
{
	char small[12];

	(void)state;
	check_text((struct privileges){ .filtered = true },
		   "no capabilities; system calls filtered");
	check_text((struct privileges){ .capabilities = CAPABILITY_BIT(CAP_KILL) |
							CAPABILITY_BIT(CAP_SYS_ADMIN),
					.filtered = true },
		   "CAP_KILL, CAP_SYS_ADMIN; system calls filtered");
	check_text((struct privileges){ .root = true },
		   "no capabilities; still root, as it may not become another user; system "
		   "calls not filtered, as the kernel cannot");
	assert_string_equal(privileges_text(&(struct privileges){ 0 }, small, sizeof(small)),
			    "no capabili");
}

/* The kernel tells any process; none has bits beyond the last capability. */
static void test_read(void **state)
{
	uint64_t effective = UINT64_MAX;

	(void)state;
	assert_int_equal(capabilities_read(&effective), 0);
	assert_int_equal(effective >> 63, 0);
	assert_true(capabilities_effective() == effective);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lacking),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
