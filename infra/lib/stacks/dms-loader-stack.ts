// SPDX-License-Identifier: MIT
import { toEnvironment, withoutUndefined } from "@ledger-loader/core";
import { DMS_SETTINGS, type SourceEngine } from "@ledger-loader/dms";
import { CfnEndpoint } from "aws-cdk-lib/aws-dms";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { LoaderValues } from "../constructs/loader-function";
import { LoaderStack, type LoaderStackProps } from "../constructs/loader-stack";
import { fromSetting, optional, required, text, type ParameterValues } from "../parameters/parameter";
import { parseSourceExport, sourceName, type SourceExport } from "../constructs/source-export";
import {
  connectShards,
  findOrCreateStream,
  KINESIS_SOURCE_ACTIONS,
  STREAM_PARAMETERS,
} from "../constructs/stream-source";

const BUILT_IN_MAPPER = "MappingFileLoadEventMapper";
const MAPPING_FILE = "dms-mapping.json";

/** The parameters of the stream that DMS writes to, and of the mapping of its rows. */
export const DMS_PARAMETERS = {
  ...STREAM_PARAMETERS,
  engine: required<SourceEngine>(fromSetting<SourceEngine>(DMS_SETTINGS.engine)),
  loadEventMapper: optional<typeof BUILT_IN_MAPPER | SourceExport>({
    accepts: `${BUILT_IN_MAPPER}, or { entry: "./file.ts", export: "Name" }`,
    parse: (value) => (value === BUILT_IN_MAPPER ? BUILT_IN_MAPPER : parseSourceExport(value)),
    defaultValue: BUILT_IN_MAPPER,
    meaning:
      "What maps rows to documents: the mapping file, or a LoadEventMapper of your own, which is bundled.",
    tradeOff: DMS_SETTINGS.loadEventMapper.tradeOff,
  }),
  mappingFile: optional<string | undefined>({
    accepts: "the path of a mapping file",
    parse: text(/./),
    defaultValue: undefined,
    meaning: `The mapping file, which is bundled; needed for ${BUILT_IN_MAPPER}.`,
    tradeOff: "None.",
  }),
  absentColumns: fromSetting(DMS_SETTINGS.absentColumns),
  beforeImageField: fromSetting(DMS_SETTINGS.beforeImageField),
  controlPolicy: fromSetting(DMS_SETTINGS.controlPolicy),
  epoch: fromSetting(DMS_SETTINGS.epoch),
  withoutPosition: fromSetting(DMS_SETTINGS.withoutPosition),
} as const;

/** What DMS needs to write to a stream. Source: AWS DMS's user guide, "Using Amazon Kinesis Data Streams as a target". */
const DMS_STREAM_ACTIONS = ["kinesis:PutRecord", "kinesis:PutRecords", "kinesis:DescribeStream"];

/** The values of a DMS loader. */
export type DmsValues = LoaderValues & ParameterValues<typeof DMS_PARAMETERS>;

/** What does not fit together in the parameters of DMS. */
export function checkDms({ loadEventMapper, mappingFile }: DmsValues): readonly string[] {
  const isBuiltIn = loadEventMapper === BUILT_IN_MAPPER;
  if (isBuiltIn && mappingFile === undefined)
    return [
      "mappingFile: expected the file that maps the source's tables, or a loadEventMapper of your own, found neither",
    ];
  if (!isBuiltIn && mappingFile !== undefined) {
    return [`mappingFile: expected with ${BUILT_IN_MAPPER} only, found it beside a mapper of your own`];
  }
  return [];
}

/**
 * Loads what AWS DMS reads from a relational database: the stream that it writes to, the target endpoint to give to a
 * replication task, and the role with which DMS writes. Source endpoint, replication instance and task are the user's.
 */
export class DmsLoaderStack extends LoaderStack {
  constructor(scope: Construct, id: string, props: LoaderStackProps<DmsValues>) {
    const { values } = props;
    super(scope, id, props, {
      entry: "dms",
      environment: environmentOf(values),
      loadEventMapper: typeof values.loadEventMapper === "string" ? undefined : values.loadEventMapper,
      files: withoutUndefined({ [MAPPING_FILE]: values.mappingFile }),
    });
    const stream = findOrCreateStream(this, values);
    connectShards(this, this.loader, { arn: stream.streamArn, actions: KINESIS_SOURCE_ACTIONS }, values);
    this.alarms.iteratorAge(this.loader.alias, values.iteratorAgeHours);
    const endpoint = this.#createEndpoint(stream.streamArn);
    this.output("TargetEndpointArn", endpoint.ref, "The target endpoint of a replication task.");
    this.output("StreamArn", stream.streamArn, "The stream that DMS writes to.");
    this.output(
      "TaskSettings",
      taskSettings(values.beforeImageField),
      "What the replication task's settings must hold.",
    );
  }

  #createEndpoint(streamArn: string): CfnEndpoint {
    const role = new Role(this, "EndpointRole", {
      assumedBy: new ServicePrincipal("dms.amazonaws.com"),
      inlinePolicies: {
        stream: new PolicyDocument({
          statements: [new PolicyStatement({ actions: DMS_STREAM_ACTIONS, resources: [streamArn] })],
        }),
      },
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

function environmentOf(values: DmsValues): Readonly<Record<string, string>> {
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
function taskSettings(beforeImageField: string): string {
  return JSON.stringify({
    BeforeImageSettings: { EnableBeforeImage: true, FieldName: beforeImageField, ColumnFilter: "all" },
    FullLoadSettings: { TargetTablePrepMode: "DO_NOTHING" },
    TargetMetadata: { BatchApplyEnabled: false },
  });
}
