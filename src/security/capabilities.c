/* SPDX-License-Identifier: MIT */
/* The capabilities of this process. See capabilities.h. */
#define _GNU_SOURCE
#include "capabilities.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int capabilities_read(uint64_t *effective)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capget, &header, caps) < 0)
		return -errno;
	*effective = caps[0].effective | (uint64_t)caps[1].effective << 32;
	return 0;
}

uint64_t capabilities_effective(void)
{
	uint64_t effective = 0;

	capabilities_read(&effective);
	return effective;
}

int capabilities_set(uint64_t permitted, uint64_t effective)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = {
		{ .permitted = (uint32_t)permitted, .effective = (uint32_t)effective },
		{ .permitted = (uint32_t)(permitted >> 32),
		  .effective = (uint32_t)(effective >> 32) },
	};

	return (int)syscall(SYS_capset, &header, caps);
}
