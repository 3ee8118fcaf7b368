// SPDX-License-Identifier: MIT
import type { RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Architecture } from "aws-cdk-lib/aws-lambda";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { LoaderConfig } from "@ledger-loader/core";
import type { WriterChoice } from "../parameters/function-parameters";
import type { ILedger } from "./ledger";

/**
 * The properties of every loader, whatever its channel. Numbers have their unit in the name, as in
 * docs/reference/deploy-parameters.md, which says for each of them what a change costs.
 */
export interface LoaderProps extends WritingProps {
  /** The ledger that events are written to. */
  readonly ledger: ILedger;

  /** The VPC in which the function runs. @defaultValue the ledger's; without one, the function runs in none */
  readonly vpc?: IVpc;
  /** The subnets of the function. @defaultValue the ledger's; else the private ones */
  readonly vpcSubnets?: SubnetSelection;
  /** The function's security groups. @defaultValue one of its own, that lets it call out only */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * The key that created queues, topics, streams, buckets, logs and variables are encrypted with. Where the key is imported, its
   * policy must let the services in that write here: synthesis names them. @defaultValue AWS's own keys
   */
  readonly encryptionKey?: IKey;
  /** The queue in which the loader parks what cannot be applied. @defaultValue one is created */
  readonly deadLetterQueue?: IQueue;
  /** A standard queue that gets a receipt of each event that has ended. @defaultValue no receipts are kept */
  readonly receiptQueue?: IQueue;
  /** Creates the alarms. @defaultValue `true` */
  readonly alarms?: boolean;
  /** Where alarms are sent, and that they are over. @defaultValue they only show in CloudWatch */
  readonly alarmTopic?: ITopic;
  /** How old an event may be when it was loaded, before the alarm; with `metricsNamespace`. @defaultValue no such alarm */
  readonly lagMaxSeconds?: number;
  /** The fate of created queues, buckets and streams with the stack. @defaultValue `RemovalPolicy.RETAIN` */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY | "retain" | "destroy";

  /** The function's memory in MB; 1769 is one whole core. @defaultValue 1769 */
  readonly memoryMb?: number;
  /** After how many seconds an invocation is ended, 35 to 900. @defaultValue 120 */
  readonly timeoutSeconds?: number;
  /** How many instances of the function are kept ready. @defaultValue 0 */
  readonly provisionedConcurrency?: number;
  /** How many instances of the function may run at the same time. @defaultValue no limit but the account's */
  readonly reservedConcurrency?: number;
  /** The processors that the function runs on. @defaultValue `Architecture.X86_64` */
  readonly architecture?: Architecture;
  /** Further environment variables, for a writer or mapper of your own. @defaultValue none */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long the function's log is kept. @defaultValue one month */
  readonly logRetentionDays?: RetentionDays;
  /** Traces invocations with AWS X-Ray. @defaultValue `false` */
  readonly tracing?: boolean;
}

/** How a loader writes events. */
interface WritingProps {
  /** How documents are found and shaped: a built-in writer, or your own, as a file and its export. @defaultValue `BaseRevisionWriter` */
  readonly revisionWriter?: WriterChoice;
  /** How records of another form become events: a preset, such as `debezium`, or a mapping file, which is bundled. @defaultValue none */
  readonly mapping?: string;
  /** A file of masking rules, which is bundled. @defaultValue none */
  readonly maskingFile?: string;
  /** The secret whose text is the key of masking rules that hash. @defaultValue none */
  readonly maskingKey?: ISecret;
  /** The field that keeps the event's id. @defaultValue `oldDocumentId` */
  readonly idField?: string;
  /** The id field of each table, for TableMapperRevisionWriter. @defaultValue `{ "*": "oldDocumentId" }` */
  readonly tableIdFields?: Readonly<Record<string, string>>;
  /** The file with the id field of each table, which is bundled; in place of `tableIdFields`. @defaultValue none */
  readonly tableIdFieldsFile?: string;
  /** Rejects or skips updates and deletions of missing documents. @defaultValue `"strict"` */
  readonly strictness?: LoaderConfig["strictness"];
  /** Lets a record that the ledger does not know start at any version. @defaultValue `false` */
  readonly startMidHistory?: boolean;
  /** Rejects events without an id. @defaultValue `false` */
  readonly requireId?: boolean;
  /** Creates missing tables and indexes. @defaultValue `false` */
  readonly createTables?: boolean;
  /** How many transactions an instance of the function runs at the same time. @defaultValue 10 */
  readonly sessionsMax?: number;
  /** How often a transaction is run again after a conflict. @defaultValue 8 */
  readonly occRetriesMax?: number;
  /** How many events one transaction may judge. @defaultValue 200 */
  readonly eventsPerTransactionMax?: number;
  /** The largest document that the ledger takes, in bytes of Ion binary. @defaultValue 131072 */
  readonly documentBytesMax?: number;
  /** How many documents the ledger takes in one transaction. @defaultValue 40 */
  readonly documentsPerTransactionMax?: number;
  /** How long an event may wait, such as for a missing predecessor, before it is parked. @defaultValue 300000 */
  readonly parkWaitMs?: number;
  /** The CloudWatch namespace of the loader's own metrics. @defaultValue none are written */
  readonly metricsNamespace?: string;
  /** The least severe level that is logged. @defaultValue `"info"` */
  readonly logLevel?: LoaderConfig["logLevel"];
  /** How log lines name records: by their ids, or by short hashes of them. @defaultValue `"plain"` */
  readonly logIds?: LoaderConfig["logIds"];
}
