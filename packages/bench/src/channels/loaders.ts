// SPDX-License-Identifier: MIT
import type { LoadReport, Loader, RevisionEvent } from "@ledger-loader/core";

const NOTHING_LOADED: LoadReport = {
  deliveries: [],
  failed: [],
  counts: {
    written: 0,
    skipped: { "already-applied": 0, superseded: 0, "missing-document": 0 },
    rejected: {},
    writtenWithoutId: 0,
  },
};

/** A loader that decodes what it is given and loads nothing; each batch's events go to `onBatch`. */
export function decodingLoader(onBatch: (events: readonly RevisionEvent[]) => void): Loader {
  return {
    load(deliveries) {
      const events = deliveries.flatMap((delivery) =>
        delivery.decode().events.map(({ event }) => {
          if (event === undefined) throw new Error("Expected sound events, found a malformed one.");
          return event;
        }),
      );
      onBatch(events);
      return Promise.resolve(NOTHING_LOADED);
    },
    close: () => Promise.resolve(),
  };
}

/** A loader that knows how many events it has written. */
export interface CountingLoader extends Loader {
  written(): number;
}

/** The same loader, counting. */
export function countingLoader(loader: Loader): CountingLoader {
  let written = 0;
  return {
    async load(deliveries, options) {
      const report = await loader.load(deliveries, options);
      written += report.counts.written;
      return report;
    },
    close: () => loader.close(),
    written: () => written,
  };
}
