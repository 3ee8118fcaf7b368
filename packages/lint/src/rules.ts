// SPDX-License-Identifier: MIT

/** What becomes of events where a rule finds something. */
export type Effect = "lost" | "reordered" | "held up" | "unnoticed";

/** What a rule says of each of its findings. */
export interface Rule {
  readonly effect: Effect;
  /** What happens, and when. */
  readonly why: string;
  readonly fix: string;
}

/** Every rule by its name, which is stable. */
export const RULES = {
  "partial-response-missing": {
    effect: "lost",
    why: "Lambda ignores which events failed: a queue deletes failed messages, a shard continues after failed records.",
    fix: "Set FunctionResponseTypes to [ReportBatchItemFailures].",
  },
  "partial-response-unmatched": {
    effect: "lost",
    why: "The function names failed Kafka records and the mapping ignores its answer, or the other way round.",
    fix: "Set ReportBatchItemFailures and MSK_REPORT_BATCH_ITEM_FAILURES together, or neither of the two.",
  },
  "visibility-too-short": {
    effect: "reordered",
    why: "A message comes back while the function still loads it, and a FIFO group is unlocked meanwhile.",
    fix: "Set VisibilityTimeout to 6 times the function's Timeout, plus the batching window.",
  },
  "dead-letter-queue-missing": {
    effect: "lost",
    why: "A message that fails each time comes back until its retention ends, and then it is lost.",
    fix: "Add a RedrivePolicy with a dead-letter queue and a maxReceiveCount of 5 or more.",
  },
  "receives-too-few": {
    effect: "held up",
    why: "A short outage of the ledger moves good messages to the dead-letter queue, out of their order.",
    fix: "Set maxReceiveCount to 5 or more; 16 bears about two hours.",
  },
  "dead-letters-expire": {
    effect: "lost",
    why: "The queue keeps failed events for less than 14 days. On a standard queue that time counts from the first send.",
    fix: "Set MessageRetentionPeriod to 1209600.",
  },
  "failures-unwatched": {
    effect: "unnoticed",
    why: "No alarm of this template watches the queue of failed events, so no one learns of a rejected event.",
    fix: "Add an alarm on ApproximateNumberOfMessagesVisible above 0.",
  },
  "content-deduplication": {
    effect: "lost",
    why: "An event with the same content within 5 minutes is dropped, also where the source changed a record and changed it back.",
    fix: "Set ContentBasedDeduplication to false and send a deduplication id per event.",
  },
  "messages-throttled": {
    effect: "held up",
    why: "Lambda receives more messages than the reserved concurrency lets it handle. Each throttled message costs a receive.",
    fix: "Set ScalingConfig.MaximumConcurrency to the reserved concurrency or less.",
  },
  "retries-end": {
    effect: "lost",
    why: "Lambda gives up good records in an outage of the ledger that outlasts the retries.",
    fix: "Set MaximumRetryAttempts to -1; let the loader park bad records (DEAD_LETTERS).",
  },
  "record-age-ends": {
    effect: "lost",
    why: "Lambda gives up good records in an outage of the ledger that outlasts this age.",
    fix: "Set MaximumRecordAgeInSeconds to -1.",
  },
  "kafka-destination-ends-retries": {
    effect: "lost",
    why: "With a failure destination and endless retries, Lambda gives up a batch after 10 attempts, in an outage too.",
    fix: "Remove OnFailure; let the loader park bad records (DEAD_LETTERS).",
  },
  "metadata-only-destination": {
    effect: "lost",
    why: "A queue or topic gets the position of given-up records only. The records themselves expire in their stream.",
    fix: "Name an S3 bucket as the destination: it gets the records.",
  },
  "destination-missing": {
    effect: "unnoticed",
    why: "No one learns which records Lambda gave up or which records expired.",
    fix: "Set DestinationConfig.OnFailure to an S3 bucket.",
  },
  "starts-at-latest": {
    effect: "lost",
    why: "Records that came before Lambda polled for the first time are never delivered.",
    fix: "Set StartingPosition to TRIM_HORIZON.",
  },
  "parallel-batches": {
    effect: "reordered",
    why: "Above 1 only records of one partition key keep their order. Aggregated records share a key, whatever they hold.",
    fix: "Set ParallelizationFactor to 1, or use events with versions.",
  },
  "parking-missing": {
    effect: "held up",
    why: "One bad record holds up its shard or partition until it expires, and then it is lost.",
    fix: "Set DEAD_LETTERS of the function to a dead-letter queue of its own.",
  },
  "retention-too-short": {
    effect: "lost",
    why: "Records expire after a day: an outage over a weekend loses them.",
    fix: "Set RetentionPeriodHours above the longest outage, to 168 for example.",
  },
  "lag-unwatched": {
    effect: "unnoticed",
    why: "No alarm of this template watches how far the function is behind, and records that expire are lost.",
    fix: "Add an alarm on IteratorAge (streams), OffsetLag (Kafka) or ApproximateAgeOfOldestMessage (queues).",
  },
  "stream-view-without-new-image": {
    effect: "held up",
    why: "The stream does not tell what an item became, so every record is rejected.",
    fix: "Set StreamViewType to NEW_AND_OLD_IMAGES.",
  },
  "async-destination-missing": {
    effect: "lost",
    why: "Lambda drops an event after three failed invocations.",
    fix: "Add an AWS::Lambda::EventInvokeConfig for what is invoked, with an SQS queue in DestinationConfig.OnFailure.",
  },
  "async-retries-end": {
    effect: "lost",
    why: "Fewer retries leave less time for a short outage, and for an event that comes too early.",
    fix: "Set MaximumRetryAttempts to 2 and MaximumEventAgeInSeconds to 21600, the most that Lambda offers.",
  },
  "drops-unwatched": {
    effect: "unnoticed",
    why: "Lambda may drop asynchronous events unsent when the function cannot keep up, and no alarm of this template tells.",
    fix: "Add an alarm on AsyncEventsDropped above 0.",
  },
  "subscription-without-dead-letter-queue": {
    effect: "lost",
    why: "SNS drops a message that it cannot deliver to the queue or function.",
    fix: "Add a RedrivePolicy with an SQS queue to the subscription.",
  },
  "fifo-topic-to-standard-queue": {
    effect: "reordered",
    why: "A standard queue does not keep the order of a FIFO topic.",
    fix: "Subscribe a FIFO queue.",
  },
  "rule-without-dead-letter-queue": {
    effect: "lost",
    why: "EventBridge drops an event that it could not deliver for 24 hours or 185 attempts.",
    fix: "Add a DeadLetterConfig with an SQS queue to the target.",
  },
  "rule-retries-end": {
    effect: "lost",
    why: "EventBridge gives up an event earlier than it has to.",
    fix: "Set MaximumRetryAttempts to 185 and MaximumEventAgeInSeconds to 86400, or remove RetryPolicy.",
  },
  "partition-key-not-record": {
    effect: "reordered",
    why: "The events of one record are spread over shards or groups, which keep no common order.",
    fix: "Use the record (table and id) as partition key or message group.",
  },
  "dms-null-and-empty": {
    effect: "lost",
    why: "A column that became NULL looks like a column that DMS did not capture: the ledger keeps the old value.",
    fix: "Set IncludeNullAndEmpty to true.",
  },
  "dms-transaction-details": {
    effect: "reordered",
    why: "Changes have no position in the source's log, so nothing puts them in order.",
    fix: "Set IncludeTransactionDetails to true.",
  },
  "dms-control-details": {
    effect: "unnoticed",
    why: "A dropped or renamed table and a new column write no record.",
    fix: "Set IncludeControlDetails and IncludeTableAlterOperations to true.",
  },
  "dms-batch-apply": {
    effect: "lost",
    why: "DMS merges changes, and warns that this may lose data.",
    fix: "Set TargetMetadata.BatchApplyEnabled to false.",
  },
  "dms-before-image": {
    effect: "lost",
    why: "A changed key looks like an update of a missing row, and the old record stays.",
    fix: "Set BeforeImageSettings.EnableBeforeImage to true, with the FieldName in BEFORE_IMAGE_FIELD_NAME.",
  },
  "dms-table-preparation": {
    effect: "held up",
    why: "Each start of the task writes records that drop tables, and the loader rejects them.",
    fix: "Set FullLoadSettings.TargetTablePrepMode to DO_NOTHING.",
  },
  "dms-full-lob-mode": {
    effect: "lost",
    why: "Kinesis as a target does not support full LOB mode.",
    fix: "Set FullLobMode to false, LimitedSizeLobMode to true and LobMaxSize above the largest value.",
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The name of a rule. */
export type RuleName = keyof typeof RULES;

/** A setting with which events are lost, reordered, held up, or fail unnoticed. */
export interface Finding extends Rule {
  readonly rule: RuleName;
  /** The logical id of the resource. */
  readonly resource: string;
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  readonly property: string;
  /** What the property is. */
  readonly found: string;
}

/** Something that this template does not tell. */
export interface Unchecked {
  readonly resource: string;
  readonly why: string;
}
