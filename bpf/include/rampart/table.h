/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Constant tables are filled up to a power of two, so that a mask keeps every index inside without a branch. */
#ifndef RAMPART_TABLE_H
#define RAMPART_TABLE_H

#define INSIDE(index, table) ((index) & (sizeof(table) / sizeof(*(table)) - 1))

#endif
