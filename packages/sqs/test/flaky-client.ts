// SPDX-License-Identifier: MIT
import {
  SQSClient,
  type BatchResultErrorEntry,
  type SendMessageBatchCommandInput,
  type SendMessageBatchCommandOutput,
  type SendMessageBatchRequestEntry,
  type SQSClientConfig,
} from "@aws-sdk/client-sqs";

/** The fault of one `SendMessageBatch`. */
export interface Fault {
  /** Refuses these entries as SQS would; the others reach the queue. */
  readonly refuse?: (entry: SendMessageBatchRequestEntry) => Omit<BatchResultErrorEntry, "Id"> | undefined;
  /** Fails the call: before the queue saw it, or after it took everything. */
  readonly fail?: { readonly when: "before" | "after"; readonly error: Error };
}

/** A client of a real queue on the way to which calls go wrong: `faultOf` is asked once per call, from 0. */
export function flakyClient(
  config: SQSClientConfig,
  faultOf: (call: number) => Fault | undefined,
): SQSClient {
  // One attempt: the SDK must not repair by itself what is to be observed.
  const client = new SQSClient({ ...config, maxAttempts: 1 });
  let calls = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== "SendMessageBatchCommand") return next(args);
      const fault = faultOf(calls);
      calls += 1;
      return applyFault(fault ?? {}, args.input as SendMessageBatchCommandInput, async (input) => {
        const { output } = await next({ ...args, input });
        return output as SendMessageBatchCommandOutput;
      });
    },
    { step: "initialize" },
  );
  return client;
}

async function applyFault(
  { refuse, fail }: Fault,
  input: SendMessageBatchCommandInput,
  send: (input: SendMessageBatchCommandInput) => Promise<SendMessageBatchCommandOutput>,
): Promise<{ output: SendMessageBatchCommandOutput; response: unknown }> {
  if (fail?.when === "before") throw fail.error;
  const refused: BatchResultErrorEntry[] = [];
  const passed: SendMessageBatchRequestEntry[] = [];
  for (const entry of input.Entries ?? []) {
    const refusal = refuse?.(entry);
    if (refusal === undefined) passed.push(entry);
    else refused.push({ Id: entry.Id, ...refusal });
  }
  const output: SendMessageBatchCommandOutput =
    passed.length === 0
      ? { Successful: [], Failed: [], $metadata: {} }
      : await send({ ...input, Entries: passed });
  if (fail?.when === "after") throw fail.error;
  return { output: { ...output, Failed: [...(output.Failed ?? []), ...refused] }, response: undefined };
}

/** An entry's failure that is the queue's own and passes. */
export const INTERNAL_ERROR = { Code: "InternalError", Message: "try again", SenderFault: false };

/** A lost connection, as Node.js reports it. */
export function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}
