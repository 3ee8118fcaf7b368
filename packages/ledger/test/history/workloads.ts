// SPDX-License-Identifier: MIT
import type { Workload } from "./workload";
import { bank } from "./workloads/bank";
import { counters } from "./workloads/counters";
import { phantom } from "./workloads/phantom";
import { uniqueInsert } from "./workloads/unique-insert";
import { writeSkew } from "./workloads/write-skew";

/** All workloads, in the order of the table of results. What clients see goes from process to process, so types end here. */
export const WORKLOADS = [bank, writeSkew, uniqueInsert, phantom, counters] as readonly Workload<unknown>[];
