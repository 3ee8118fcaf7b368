// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { type CliResult, runWords } from "./run-words";

/** A shard or partition as the page of a worker shows it. */
export type ShownShard = Readonly<Record<string, unknown>>;

/** A worker that runs until it is stopped, and whose page is read. */
export interface WatchedWorker {
  readonly shards: () => Promise<readonly ShownShard[]>;
  /** Waits until the page shows so many deliveries of each kind, and a checkpoint for each shard that they came from. */
  readonly shown: (sums: Readonly<Record<string, number>>) => Promise<readonly ShownShard[]>;
  readonly stop: () => Promise<CliResult>;
}

/** Runs `consume` with a health port. */
export async function watchWorker(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<WatchedWorker> {
  let stop: () => void = () => undefined;
  let address = "";
  const running = runWords([...words, "--health-port", "0", "--json"], {
    env,
    onStoppable: (handler) => (stop = handler),
    onStderr: (text) => (address ||= /"url":"(http:[^"]+)"/.exec(text)?.[1] ?? ""),
  });
  while (address === "") await sleep(20);
  const shards = async (): Promise<readonly ShownShard[]> => {
    const status = await (await fetch(`${address}/page/status`)).json();
    return (status as { readonly shards: readonly ShownShard[] }).shards;
  };
  const shown: WatchedWorker["shown"] = async (sums) => {
    for (;;) {
      const found = await shards();
      const isCounted = Object.entries(sums).every(([name, sum]) => sumOf(found, name) >= sum);
      // A checkpoint follows what was loaded.
      const isKept = found.every(({ loaded, position }) => loaded === undefined || position !== undefined);
      if (isCounted && isKept) return found;
      await sleep(20);
    }
  };
  return {
    shards,
    shown,
    stop: () => {
      stop();
      return running;
    },
  };
}

function sumOf(shards: readonly ShownShard[], name: string): number {
  return shards.reduce((sum, shard) => sum + Number(shard[name] ?? 0), 0);
}
