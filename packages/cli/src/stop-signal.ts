// SPDX-License-Identifier: MIT
import type { CommandContext } from "./options/command-spec";

/**
 * Runs `work` with a signal that is raised when the user asks to stop. A second request ends the process at once,
 * since it is no longer caught.
 */
export async function withStopSignal<T>(
  context: CommandContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forget = context.terminal.onStop(() => {
    context.note("\nstopping after the batch under way; once more to stop at once");
    controller.abort();
  });
  try {
    return await work(controller.signal);
  } finally {
    forget();
  }
}
