// SPDX-License-Identifier: MIT

/** A part of a template that moto's CloudFormation does not do. */
export interface MotoGap {
  readonly type: string;
  /** Where the lost value is in the resource's properties: `Code.ZipFile`. Absent: moto ignores the whole resource. */
  readonly property?: string;
  readonly reason: string;
}

/** A gap that a template meets. */
export interface MetGap extends MotoGap {
  readonly logicalId: string;
}

/** A CloudFormation template, as far as it is looked into. */
export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

const FUNCTION = "AWS::Lambda::Function";
const NOT_COPIED = "moto's CloudFormation does not pass it on to the service";

/**
 * Everything that moto is known to lose of the templates deployed to it. A test looks at each entry, so that one that moto
 * has learned leaves the table; {@link deployTemplate} refuses a template that moto ignores resources of which are not here.
 */
export const MOTO_GAPS: readonly MotoGap[] = [
  ...[
    "Architectures",
    "DeadLetterConfig",
    "EphemeralStorage",
    "KmsKeyArn",
    "LoggingConfig",
    "TracingConfig",
  ].map((property) => ({ type: FUNCTION, property, reason: NOT_COPIED })),
  {
    type: "AWS::Lambda::Alias",
    property: "ProvisionedConcurrencyConfig",
    reason: "moto's Lambda has no provisioned concurrency",
  },
  {
    type: "AWS::Lambda::EventInvokeConfig",
    property: "Qualifier",
    reason: "moto's Lambda keeps one configuration per function, whatever the alias",
  },
  { type: "AWS::Kinesis::Stream", property: "StreamEncryption", reason: NOT_COPIED },
  { type: "AWS::Kinesis::Stream", property: "StreamModeDetails", reason: NOT_COPIED },
  { type: "AWS::Logs::LogGroup", property: "KmsKeyId", reason: NOT_COPIED },
  { type: "AWS::S3::Bucket", property: "LifecycleConfiguration", reason: NOT_COPIED },
  { type: "AWS::S3::Bucket", property: "PublicAccessBlockConfiguration", reason: NOT_COPIED },
  { type: "AWS::SNS::Topic", property: "TracingConfig", reason: NOT_COPIED },
  { type: "AWS::SQS::Queue", property: "RedriveAllowPolicy", reason: NOT_COPIED },
  { type: "AWS::StepFunctions::StateMachine", property: "LoggingConfiguration", reason: NOT_COPIED },
  { type: "AWS::StepFunctions::StateMachine", property: "TracingConfiguration", reason: NOT_COPIED },
  { type: "AWS::CDK::Metadata", reason: "it only tells which constructs made the template" },
];

/** Finds what a template asks for that moto loses. */
export function findMotoGaps(template: CloudFormationTemplate): MetGap[] {
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
    MOTO_GAPS.filter((gap) => gap.type === resource.Type && asksFor(resource, gap)).map((gap) => ({
      logicalId,
      ...gap,
    })),
  );
}

/** True if moto ignores resources of a type. */
export function isIgnoredByMoto(type: string): boolean {
  return MOTO_GAPS.some((gap) => gap.type === type && gap.property === undefined);
}

function asksFor(resource: TemplateResource, gap: MotoGap): boolean {
  return gap.property === undefined || resource.Properties?.[gap.property] !== undefined;
}
