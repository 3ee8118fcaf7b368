// SPDX-License-Identifier: MIT
import type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { startChild } from "../child";
import { BATCH_SIZE, SESSIONS, type Channel } from "./channel";
import { ChannelRun, type Sample } from "./channel-run";
import { eventChannels } from "./event-channels";
import { sourceChannels } from "./source-channels";

/** Measures the cost of each channel's handler beyond the bare writer. */
export const channelBenchmark: Benchmark = {
  name: "channels",
  title: "Each channel's Lambda handler beside the bare writer (RevisionWriter.write) on the same events",
  run: runChannelBenchmark,
};

/** The share of the bare writer's time that an adapter may take on top of it. */
const ADAPTER_SHARE_MAX = 0.1;

/** Enough for a second or two per run; fewer where every event takes a transaction of its own. */
const EVENTS = 2000;
const SINGLE_EVENTS = 300;

interface Contest {
  readonly channel: Channel;
  readonly run: ChannelRun;
  readonly samples: Sample[];
}

async function runChannelBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const server = startChild("ledger");
  const contests = [...eventChannels, ...sourceChannels].map((channel): Contest => {
    const events = quick ? 40 : channel.concurrency > 1 ? SINGLE_EVENTS : EVENTS;
    return { channel, run: new ChannelRun(channel, server, events), samples: [] };
  });
  const rounds = quick ? 1 : 5;
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const { channel, run, samples } of contests) {
        onProgress(`round ${round} of ${rounds}: ${channel.name}`);
        // Whoever comes second finds caches warm, or the disk busy: they take turns.
        samples.push(await run.measure(round % 2 === 0));
      }
    }
  } finally {
    await server.stop();
  }
  return {
    comparisons: contests.flatMap(toComparisons),
    notes: [...NOTES, describeTransactions(contests)],
  };
}

const NOTES = [
  "Both write the same events with the same writer and the same packing, in turn, each into a new ledger on disk behind a " +
    "server process, through the official driver. The bare writer gets events that are decoded " +
    "already; the handler gets what Lambda would give it. Connections and tables are warm.",
  `Invocations bring ${BATCH_SIZE} events each; those of SNS and EventBridge one, ${SESSIONS} invocations at a time.`,
  "Adapter: the processor time, of client and ledger together, that the handler takes beyond the bare writer: decoding, " +
    "mapping, lanes, report, and the garbage of all that. The ratio is its share of the bare writer's. The clock is in the " +
    "row above: on a busy machine it says more about the others than about the adapter.",
  "Decode and map alone is that part of it which ends with the decoded events.",
];

function toComparisons({ channel: { name }, samples }: Contest): readonly Comparison[] {
  const bareRate = samples.map(({ bare }) => 1e6 / bare.wallMicros);
  return [
    {
      what: name,
      unit: "events/s",
      baseline: { name: "bare writer", samples: bareRate },
      subject: { name: "handler", samples: samples.map(({ handler }) => 1e6 / handler.wallMicros) },
    },
    {
      what: `${name}, adapter, processor time`,
      unit: "µs/event",
      baseline: { name: "bare writer", samples: samples.map(({ bare }) => bare.cpuMicros) },
      subject: {
        name: "beyond it",
        samples: samples.map(({ bare, handler }) => handler.cpuMicros - bare.cpuMicros),
      },
      aim: { atMost: ADAPTER_SHARE_MAX },
    },
    {
      what: `${name}, decode and map alone, processor time`,
      unit: "µs/event",
      baseline: { name: "bare writer", samples: samples.map(({ bare }) => bare.cpuMicros) },
      subject: { name: "decode and map", samples: samples.map(({ decodeMicros }) => decodeMicros) },
    },
  ];
}

function describeTransactions(contests: readonly Contest[]): string {
  const each = contests.flatMap(({ channel: { name }, samples }) =>
    samples.slice(-1).map(({ transactions: { bare, handler } }) => `${name} ${bare} and ${handler}`),
  );
  return `Transactions of the bare writer and of the handler: ${each.join("; ")}.`;
}
