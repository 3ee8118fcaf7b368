// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { formatCount, formatIonTime } from "../parts/dates";
import { Grid } from "../parts/grid";
import { NumberHead } from "../parts/number-head";
import type { ShardLine } from "./readings";

const READERS = { this: "this worker", another: "another worker", none: "no one" } as const;

/** Shards or partitions: who reads each, how far, how late, and what waits or was parked. */
export function ShardGrid({ shards }: { readonly shards: readonly ShardLine[] }): JSX.Element {
  return (
    <>
      <h2>Shards and partitions</h2>
      <Grid
        caption="Shards and partitions"
        columns={[
          "Shard",
          "Read by",
          "Position",
          <NumberHead>Loaded</NumberHead>,
          <NumberHead>Waiting</NumberHead>,
          <NumberHead>Parked</NumberHead>,
          <NumberHead>Lag</NumberHead>,
          "Last batch",
        ]}
      >
        {shards.map((shard) => (
          <tr key={shard.shardId}>
            <td>
              <code>{shard.shardId}</code>
            </td>
            <td>{shard.hasEnded ? "read to its end" : READERS[shard.reader]}</td>
            <td>
              <code>{shard.position}</code>
            </td>
            <td class="number">{countOf(shard.loaded)}</td>
            <td class="number">{countOf(shard.waiting)}</td>
            <td class="number">{countOf(shard.parked)}</td>
            <td class="number">{shard.lagMs === undefined ? "" : `${(shard.lagMs / 1000).toFixed(1)} s`}</td>
            <td class="time">{shard.loadedAt === undefined ? "" : formatIonTime(shard.loadedAt)}</td>
          </tr>
        ))}
      </Grid>
    </>
  );
}

function countOf(count: number | undefined): string {
  return count === undefined ? "" : formatCount(count);
}
