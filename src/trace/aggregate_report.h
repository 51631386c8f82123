/* SPDX-License-Identifier: MIT */
/* The rows of an interval, from the tables of an aggregate to the report. */
#ifndef AGGREGATE_REPORT_H
#define AGGREGATE_REPORT_H

#include "aggregate.h"

/**
 * aggregate_report() - report the interval's rows and forget them
 * Return: 0, -ENOMEM, or the negative errno of a failed write.
 */
int aggregate_report(struct aggregate *a);

#endif
