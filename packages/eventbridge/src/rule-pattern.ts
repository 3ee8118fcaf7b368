// SPDX-License-Identifier: MIT

/** The `Source` of published entries, unless told otherwise. */
export const DEFAULT_SOURCE = "ledger-loader";
/** The `DetailType` of published entries. */
export const DETAIL_TYPE = "RevisionEvent";

/** An EventBridge event pattern, to be given to a rule as JSON. */
export interface RulePattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail?: { readonly table: readonly string[] };
}

/**
 * The pattern of a rule for what `createEventBridgePublisher` sends.
 *
 * A rule without it would hand the function every event of the bus, and each would be rejected and retried.
 *
 * @param source the `Source` that entries are put with, where it is not the publisher's own
 * @param detailType their `DetailType`, where it is not the publisher's own
 * @param tables only events of these tables; all where absent. A table that no rule names is dropped by EventBridge
 *   without a trace.
 */
export function rulePattern({
  source = DEFAULT_SOURCE,
  detailType = DETAIL_TYPE,
  tables,
}: {
  readonly source?: string;
  readonly detailType?: string;
  readonly tables?: readonly string[];
} = {}): RulePattern {
  return {
    source: [source],
    "detail-type": [detailType],
    ...(tables && { detail: { table: tables } }),
  };
}
