// SPDX-License-Identifier: MIT
import { PRESETS } from "@ledger-loader/mapping";

/** True if the parameter `mapping` names a file and no preset. */
export function isMappingFile(mapping: unknown): mapping is string {
  return typeof mapping === "string" && !PRESETS.some((preset) => preset === mapping);
}
