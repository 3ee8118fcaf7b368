// SPDX-License-Identifier: MIT
import type { Datum } from "../value/datum";
import type { Frame } from "./frame";

/** A compiled expression: its value in the current state of an execution. */
export type Evaluate = (frame: Frame) => Datum;
