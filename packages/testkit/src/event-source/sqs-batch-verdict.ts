// SPDX-License-Identifier: MIT

/**
 * Returns the ids of the messages that go back to the queue after a function answered, by Lambda's rules for
 * `ReportBatchItemFailures`.
 *
 * An answer without failures acknowledges the whole batch; an identifier that is missing, empty or not in the batch
 * fails the whole batch ([partial batch responses](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html)).
 *
 * @param response What the function returned; it is typed by nobody but the function's author.
 */
export function failedMessageIds(response: unknown, messageIds: readonly string[]): ReadonlySet<string> {
  const all = new Set(messageIds);
  if (response === null || response === undefined) return new Set();
  const failures = (response as { readonly batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return new Set();
  if (!Array.isArray(failures)) return all;
  const failed = new Set<string>();
  for (const failure of failures as readonly unknown[]) {
    const id = (failure as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== "string" || !all.has(id)) return all;
    failed.add(id);
  }
  return failed;
}
