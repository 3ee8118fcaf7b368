// SPDX-License-Identifier: MIT
import {
  KinesisClient,
  type KinesisClientConfig,
  type PutRecordsCommandInput,
  type PutRecordsCommandOutput,
  type PutRecordsRequestEntry,
  type PutRecordsResultEntry,
} from "@aws-sdk/client-kinesis";

/** The fault of one `PutRecords`. */
export interface Fault {
  /** Refuses these entries as Kinesis would; the others reach the stream. */
  readonly refuse?: (entry: PutRecordsRequestEntry, index: number) => boolean;
  /** Fails the call: before the stream saw it, or after it took everything. */
  readonly fail?: { readonly when: "before" | "after"; readonly error: Error };
}

/** A client of a real stream on the way to which calls go wrong: `faultOf` is asked once per call, from 0. */
export function flakyClient(
  config: KinesisClientConfig,
  faultOf: (call: number) => Fault | undefined,
): KinesisClient {
  // One attempt: the SDK must not repair by itself what is to be observed.
  const client = new KinesisClient({ ...config, maxAttempts: 1 });
  let calls = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== "PutRecordsCommand") return next(args);
      const fault = faultOf(calls) ?? {};
      calls += 1;
      const output = await applyFault(fault, args.input as PutRecordsCommandInput, async (input) => {
        const answer = await next({ ...args, input });
        return answer.output as PutRecordsCommandOutput;
      });
      return { output, response: undefined };
    },
    { step: "initialize" },
  );
  return client;
}

async function applyFault(
  { refuse = () => false, fail }: Fault,
  input: PutRecordsCommandInput,
  send: (input: PutRecordsCommandInput) => Promise<PutRecordsCommandOutput>,
): Promise<PutRecordsCommandOutput> {
  if (fail?.when === "before") throw fail.error;
  const entries = input.Records ?? [];
  const passed = entries.filter((entry, index) => !refuse(entry, index));
  const sent = passed.length === 0 ? [] : ((await send({ ...input, Records: passed })).Records ?? []);
  if (fail?.when === "after") throw fail.error;
  const results = new Map(passed.map((entry, i) => [entry, sent[i]!]));
  const Records = entries.map((entry): PutRecordsResultEntry => results.get(entry) ?? THROTTLED);
  return { Records, FailedRecordCount: entries.length - passed.length, $metadata: {} };
}

const THROTTLED = { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" };
