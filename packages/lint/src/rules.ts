// SPDX-License-Identifier: MIT

/** The effect on events where a rule finds something. */
export type Effect = "lost" | "reordered" | "held up" | "unnoticed";

/** The text of a rule for each of its findings. */
export interface Rule {
  readonly effect: Effect;
  /** The effect, and when it happens. */
  readonly why: string;
  readonly fix: string;
}

/** Every rule by its name, which is stable. */
export const RULES = {
  "partial-response-missing": {
    effect: "lost",
    why: "Lambda deletes failed messages of a queue, and continues after failed records of a shard.",
    fix: "Set FunctionResponseTypes to [ReportBatchItemFailures].",
  },
  "partial-response-unmatched": {
    effect: "lost",
    why: "Function and mapping disagree about naming failed Kafka records.",
    fix: "Set both ReportBatchItemFailures and MSK_REPORT_BATCH_ITEM_FAILURES, or none.",
  },
  "visibility-too-short": {
    effect: "reordered",
    why: "A message returns while the function still loads it, and unlocks its FIFO group.",
    fix: "Set VisibilityTimeout to 6 times the function's Timeout, plus the batching window.",
  },
  "dead-letter-queue-missing": {
    effect: "lost",
    why: "A failing message returns until its retention ends.",
    fix: "Add a RedrivePolicy with a dead-letter queue and a maxReceiveCount of at least 5.",
  },
  "receives-too-few": {
    effect: "held up",
    why: "A short outage of the ledger moves good messages to the dead-letter queue.",
    fix: "Set maxReceiveCount to at least 5. 16 bears about two hours.",
  },
  "dead-letters-expire": {
    effect: "lost",
    why: "The queue keeps failed events for less than 14 days, on a standard queue from the first send.",
    fix: "Set MessageRetentionPeriod to 1209600.",
  },
  "failures-unwatched": {
    effect: "unnoticed",
    why: "No alarm of this template watches the queue of failed events.",
    fix: "Add an alarm on ApproximateNumberOfMessagesVisible above 0.",
  },
  "content-deduplication": {
    effect: "lost",
    why: "SQS drops an event with equal content within 5 minutes, also after a change and its reversal.",
    fix: "Set ContentBasedDeduplication to false and send a deduplication id per event.",
  },
  "messages-throttled": {
    effect: "held up",
    why: "Lambda receives more messages than the reserved concurrency allows. Each throttled message costs a receive.",
    fix: "Set ScalingConfig.MaximumConcurrency to the reserved concurrency or less.",
  },
  "retries-end": {
    effect: "lost",
    why: "In a longer outage of the ledger Lambda gives up good records.",
    fix: "Set MaximumRetryAttempts to -1, and park bad records (DEAD_LETTERS).",
  },
  "record-age-ends": {
    effect: "lost",
    why: "In a longer outage of the ledger Lambda gives up good records.",
    fix: "Set MaximumRecordAgeInSeconds to -1.",
  },
  "kafka-destination-ends-retries": {
    effect: "lost",
    why: "With a failure destination and endless retries, Lambda gives up a batch after 10 attempts.",
    fix: "Remove OnFailure, and park bad records (DEAD_LETTERS).",
  },
  "metadata-only-destination": {
    effect: "lost",
    why: "A queue or topic gets only the position of given-up records. The records expire.",
    fix: "Name an S3 bucket, which gets the records.",
  },
  "destination-missing": {
    effect: "unnoticed",
    why: "No one learns which records Lambda gave up.",
    fix: "Set DestinationConfig.OnFailure to an S3 bucket.",
  },
  "starts-at-latest": {
    effect: "lost",
    why: "Records from before Lambda's first poll are never delivered.",
    fix: "Set StartingPosition to TRIM_HORIZON.",
  },
  "parallel-batches": {
    effect: "reordered",
    why: "Above 1 only records of one partition key keep their order. Aggregated records share a key.",
    fix: "Set ParallelizationFactor to 1, or use events with versions.",
  },
  "parking-missing": {
    effect: "held up",
    why: "One bad record holds up its shard or partition until it expires.",
    fix: "Set DEAD_LETTERS of the function to a dead-letter queue.",
  },
  "retention-too-short": {
    effect: "lost",
    why: "Records expire after a day, for example over a weekend.",
    fix: "Set RetentionPeriodHours above the longest outage, such as 168.",
  },
  "lag-unwatched": {
    effect: "unnoticed",
    why: "No alarm of this template watches how far the function is behind.",
    fix: "Add an alarm on IteratorAge (streams), OffsetLag (Kafka) or ApproximateAgeOfOldestMessage (queues).",
  },
  "stream-view-without-new-image": {
    effect: "held up",
    why: "The stream lacks the new item, so every record is rejected.",
    fix: "Set StreamViewType to NEW_AND_OLD_IMAGES.",
  },
  "async-destination-missing": {
    effect: "lost",
    why: "Lambda drops an event after three failed invocations.",
    fix: "Add an AWS::Lambda::EventInvokeConfig with an SQS queue in DestinationConfig.OnFailure.",
  },
  "async-retries-end": {
    effect: "lost",
    why: "Fewer retries leave less time for an outage, or for an event's predecessor.",
    fix: "Set MaximumRetryAttempts to 2 and MaximumEventAgeInSeconds to 21600.",
  },
  "drops-unwatched": {
    effect: "unnoticed",
    why: "Lambda may drop events when the function cannot keep up, and no alarm of this template watches.",
    fix: "Add an alarm on AsyncEventsDropped above 0.",
  },
  "subscription-without-dead-letter-queue": {
    effect: "lost",
    why: "SNS drops a message that it cannot deliver.",
    fix: "Add a RedrivePolicy with an SQS queue to the subscription.",
  },
  "fifo-topic-to-standard-queue": {
    effect: "reordered",
    why: "A standard queue does not keep the order of a FIFO topic.",
    fix: "Subscribe a FIFO queue.",
  },
  "rule-without-dead-letter-queue": {
    effect: "lost",
    why: "EventBridge drops an event after 24 hours or 185 attempts.",
    fix: "Add a DeadLetterConfig with an SQS queue to the target.",
  },
  "rule-retries-end": {
    effect: "lost",
    why: "EventBridge gives up an event earlier than necessary.",
    fix: "Set MaximumRetryAttempts to 185 and MaximumEventAgeInSeconds to 86400, or remove RetryPolicy.",
  },
  "partition-key-not-record": {
    effect: "reordered",
    why: "The events of one record are spread over shards or groups.",
    fix: "Use the record (table and id) as partition key or message group.",
  },
  "dms-null-and-empty": {
    effect: "lost",
    why: "A column that became NULL looks unchanged, and the ledger keeps the old value.",
    fix: "Set IncludeNullAndEmpty to true.",
  },
  "dms-transaction-details": {
    effect: "reordered",
    why: "Changes have no position in the source's log.",
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
    why: "Each start of the task writes drop-table records, which the loader rejects.",
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
  /** The property as it is. */
  readonly found: string;
}

/** Something that this template does not tell. */
export interface Unchecked {
  readonly resource: string;
  readonly why: string;
}
