// SPDX-License-Identifier: MIT
import { toEnvironment, withoutUndefined, type SettingValues } from "@ledger-loader/core";
import { DMS_SETTINGS, type SourceEngine } from "@ledger-loader/dms";
import { CfnEndpoint } from "aws-cdk-lib/aws-dms";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IStream } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { DMS_SETTINGS_PARAMETERS, type DmsValues } from "../../parameters/dms-parameters";
import { STREAM_SETTINGS } from "../../parameters/stream-parameters";
import type { StreamProps } from "./channel-props";
import { keyStatement } from "../keys";
import type { LoaderProps } from "../loader-props";
import { settle } from "../settle";
import { ShardLoader } from "./shard-loader";
import { sourceName, type SourceExport } from "../source-export";
import { createStream, streamStatements } from "../stream-source";

const MAPPING_FILE = "dms-mapping.json";

type RowSettings = SettingValues<typeof DMS_SETTINGS>;

/** The properties of a {@link DmsLoader}. */
export interface DmsLoaderProps extends LoaderProps, StreamProps {
  /** The database that DMS reads. */
  readonly engine: SourceEngine;
  /** The stream that DMS writes to. @defaultValue one is created */
  readonly stream?: IStream;
  /** The file that maps rows to documents, which is bundled. */
  readonly mappingFile?: string;
  /** A mapper of your own in place of the file: a file and its export. @defaultValue the mapping file's */
  readonly loadEventMapper?: SourceExport;
  /** The meaning of an absent column. @defaultValue see docs/reference/configuration-dms.md */
  readonly absentColumns?: RowSettings["absentColumns"];
  /** The field with the row as it was before. @defaultValue `before-image` */
  readonly beforeImageField?: RowSettings["beforeImageField"];
  /** The treatment of control records. @defaultValue see docs/reference/configuration-dms.md */
  readonly controlPolicy?: RowSettings["controlPolicy"];
  /** Counted up when the source starts its log again. @defaultValue see docs/reference/configuration-dms.md */
  readonly epoch?: RowSettings["epoch"];
  /** The treatment of rows without a position. @defaultValue see docs/reference/configuration-dms.md */
  readonly withoutPosition?: RowSettings["withoutPosition"];
}

/** The actions with which DMS writes to a stream. Source: AWS DMS's user guide, "Using Amazon Kinesis Data Streams as a target". */
const DMS_STREAM_ACTIONS = ["kinesis:PutRecord", "kinesis:PutRecords", "kinesis:DescribeStream"];

/**
 * Loads what AWS DMS reads from a relational database: the stream that it writes to, the target endpoint to give to a
 * replication task, and the role with which DMS writes. Source endpoint, replication instance and task are the user's.
 */
export class DmsLoader extends ShardLoader {
  /** The stream that DMS writes to. */
  readonly stream: IStream;
  /** The target endpoint of a replication task. */
  readonly endpoint: CfnEndpoint;
  /** The settings that the replication task must have, as JSON. */
  readonly taskSettings: string;

  constructor(scope: Construct, id: string, props: DmsLoaderProps) {
    const values = settle({
      scope,
      id,
      channel: "dms",
      parameters: { ...STREAM_SETTINGS, ...DMS_SETTINGS_PARAMETERS },
      props,
      resources: { streamArn: props.stream?.streamArn },
    });
    super(scope, id, props, {
      entry: "dms",
      values,
      environment: environmentOf(values),
      loadEventMapper: typeof values.loadEventMapper === "string" ? undefined : values.loadEventMapper,
      files: withoutUndefined({ [MAPPING_FILE]: values.mappingFile }),
    });
    this.stream = props.stream ?? createStream(this, values, this.keeping);
    this.read({ arn: this.stream.streamArn, statements: streamStatements(this.stream) }, values);
    this.endpoint = this.#createEndpoint(this.stream);
    this.taskSettings = taskSettingsOf(values.beforeImageField);
  }

  #createEndpoint({ streamArn, encryptionKey }: IStream): CfnEndpoint {
    const statements = [
      new PolicyStatement({ actions: DMS_STREAM_ACTIONS, resources: [streamArn] }),
      ...(encryptionKey === undefined ? [] : [keyStatement(encryptionKey, "write")]),
    ];
    const role = new Role(this, "EndpointRole", {
      assumedBy: new ServicePrincipal("dms.amazonaws.com"),
      inlinePolicies: { stream: new PolicyDocument({ statements }) },
    });
    const endpoint = new CfnEndpoint(this, "Endpoint", {
      endpointType: "target",
      engineName: "kinesis",
      kinesisSettings: {
        streamArn,
        serviceAccessRoleArn: role.roleArn,
        messageFormat: "json",
        // NULL must not look like a column that was not captured.
        includeNullAndEmpty: true,
        // Without it there is no log position, and nothing to put changes in order with.
        includeTransactionDetails: true,
        includeControlDetails: true,
        includeTableAlterOperations: true,
        includePartitionValue: true,
      },
    });
    endpoint.node.addDependency(role);
    return endpoint;
  }
}

function environmentOf(
  values: Pick<DmsValues, keyof typeof DMS_SETTINGS_PARAMETERS>,
): Readonly<Record<string, string>> {
  const { engine, loadEventMapper, absentColumns, beforeImageField, controlPolicy, epoch, withoutPosition } =
    values;
  return toEnvironment(DMS_SETTINGS, {
    engine,
    absentColumns,
    beforeImageField,
    controlPolicy,
    epoch,
    withoutPosition,
    mappingFile: MAPPING_FILE,
    loadEventMapper: typeof loadEventMapper === "string" ? loadEventMapper : sourceName(loadEventMapper),
  });
}

/** The settings of a replication task on which the loader relies; see docs/guides/load-from-dms.md. */
function taskSettingsOf(beforeImageField: string): string {
  return JSON.stringify({
    BeforeImageSettings: { EnableBeforeImage: true, FieldName: beforeImageField, ColumnFilter: "all" },
    FullLoadSettings: { TargetTablePrepMode: "DO_NOTHING" },
    TargetMetadata: { BatchApplyEnabled: false },
  });
}
