// SPDX-License-Identifier: MIT
import type { CommandContext } from "../options/command-spec";
import type { Progress } from "./progress";

/** Shows how far `work` has come, in a unit, and takes the line away however it ends. */
export async function withProgress<T>(
  context: CommandContext,
  label: string,
  unit: string,
  work: (update: Progress["update"]) => Promise<T>,
): Promise<T> {
  const progress = context.progress(label, unit);
  try {
    return await work(progress.update);
  } finally {
    progress.finish();
  }
}
