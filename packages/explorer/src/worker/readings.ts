// SPDX-License-Identifier: MIT
import { useEffect, useState } from "preact/hooks";
import { parseMetrics, type Sample } from "./parse-metrics";

/** A worker's answer at one moment. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly samples: readonly Sample[];
}

/** A shard of a stream or a partition of a topic. What was loaded of it is absent before the first batch. */
export interface ShardLine {
  readonly shardId: string;
  readonly reader: "this" | "another" | "none";
  readonly position?: string;
  readonly hasEnded: boolean;
  readonly loaded?: number;
  readonly parked?: number;
  readonly waiting?: number;
  readonly loadedAt?: string;
  readonly lagMs?: number;
}

/** A worker's description of itself. */
export interface WorkerStatus {
  readonly channel: string;
  readonly ledger: string;
  readonly startedAt: string;
  /** Empty for a channel without shards. */
  readonly shards: readonly ShardLine[];
  /** The newest first. */
  readonly problems: readonly {
    readonly time: string;
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
}

/** The answer of `/health`. */
export interface WorkerHealth {
  readonly status: string;
  readonly problems: readonly string[];
}

/** All that the page shows. */
export interface Watched {
  /** Of the last minute, the oldest first. Never empty. */
  readonly readings: readonly Reading[];
  readonly status: WorkerStatus;
  readonly health: WorkerHealth;
}

const INTERVAL_MS = 2000;
const WINDOW_MS = 60_000;

/** Reads a worker's figures again and again. An error says that the worker did not answer the last time. */
export function useWorker(): { readonly watched: Watched | undefined; readonly error: unknown } {
  const [watched, setWatched] = useState<Watched>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isWanted = true;
    const read = async (): Promise<void> => {
      try {
        const found = await readAll();
        setWatched((before) => ({ ...found, readings: [...recent(before), found.reading] }));
        setError(undefined);
      } catch (failure) {
        setError(failure);
      }
      if (isWanted) timer = setTimeout(() => void read(), INTERVAL_MS);
    };
    void read();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, []);
  return { watched, error };
}

function recent(before: Watched | undefined): readonly Reading[] {
  return (before?.readings ?? []).filter(({ at }) => at > Date.now() - WINDOW_MS);
}

async function readAll(): Promise<Omit<Watched, "readings"> & { readonly reading: Reading }> {
  const [metrics, status, health] = await Promise.all([
    fetch("/metrics").then((response) => response.text()),
    fetch("/page/status").then((response) => response.json() as Promise<WorkerStatus>),
    // Its status is 503 while something is wrong.
    fetch("/health").then((response) => response.json() as Promise<WorkerHealth>),
  ]);
  return { status, health, reading: { at: Date.now(), samples: parseMetrics(metrics) } };
}
