/* SPDX-License-Identifier: MIT */
/*
 * Resource limits (ulimit) that leave no room for a run. Without this check a run ends with a
 * crash, or with whatever failed first.
 */
#ifndef RESOURCE_LIMITS_H
#define RESOURCE_LIMITS_H

#include "error.h"

/**
 * resource_limits_check() - is there the stack, and are there the descriptors, that each run takes?
 * Return: 0, or a negative errno: @err says which limit is too low.
 */
int resource_limits_check(struct error *err);

#endif
