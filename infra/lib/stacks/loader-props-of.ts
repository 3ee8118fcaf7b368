// SPDX-License-Identifier: MIT
import { Annotations } from "aws-cdk-lib";
import { SecurityGroup, Subnet, Vpc, type ISubnet } from "aws-cdk-lib/aws-ec2";
import { Key } from "aws-cdk-lib/aws-kms";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { Secret, type ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { Ledger, type ILedger } from "../constructs/ledger";
import type { LoaderProps } from "../constructs/loader-props";
import { COMMON_PARAMETERS, type LoaderValues } from "../parameters/function-parameters";
import type { Parameters, ParameterValues } from "../parameters/parameter";

/** The properties of a channel's construct, from the values of `loader.config.ts`: named resources are imported. */
export function loaderPropsOf(
  scope: Construct,
  values: LoaderValues,
  ledger: ILedger = ledgerOf(scope, values),
): LoaderProps {
  const { alarmTopicArn, deadLetterQueueArn, receiptQueueArn, encryptionKeyArn, maskingKeySecret } = values;
  const { architecture } = values;
  return {
    ...settingsOf(COMMON_PARAMETERS, values),
    ...(architecture === "arm64" ? { architecture: Architecture.ARM_64 } : { architecture: undefined }),
    ledger,
    ...networkOf(scope, values),
    ...(alarmTopicArn === undefined
      ? {}
      : { alarmTopic: Topic.fromTopicArn(scope, "AlarmTopic", alarmTopicArn) }),
    ...(deadLetterQueueArn === undefined
      ? {}
      : { deadLetterQueue: Queue.fromQueueArn(scope, "DeadLetters", deadLetterQueueArn) }),
    ...(receiptQueueArn === undefined
      ? {}
      : { receiptQueue: Queue.fromQueueArn(scope, "Receipts", receiptQueueArn) }),
    ...(encryptionKeyArn === undefined
      ? {}
      : { encryptionKey: Key.fromKeyArn(scope, "EncryptionKey", encryptionKeyArn) }),
    ...(maskingKeySecret === undefined
      ? {}
      : { maskingKey: secretOf(scope, "MaskingKey", maskingKeySecret) }),
  };
}

/**
 * The settings that differ from their defaults. The others are left out: rules look at what was set, and a default was not.
 */
export function settingsOf<const P extends Parameters>(
  parameters: P,
  values: ParameterValues<P>,
): Partial<ParameterValues<P>> {
  const all = values as Readonly<Record<string, unknown>>;
  const set = Object.entries(parameters).filter(
    ([name, { defaultValue }]) => JSON.stringify(all[name]) !== JSON.stringify(defaultValue),
  );
  return Object.fromEntries(set.map(([name]) => [name, all[name]])) as Partial<ParameterValues<P>>;
}

/** A secret by its complete ARN. */
export function secretOf(scope: Construct, id: string, arn: string, keyArn?: string): ISecret {
  return Secret.fromSecretAttributes(scope, id, {
    secretCompleteArn: arn,
    ...(keyArn === undefined ? {} : { encryptionKey: Key.fromKeyArn(scope, `${id}Key`, keyArn) }),
  });
}

function ledgerOf(scope: Construct, values: LoaderValues): Ledger {
  const { ledgerName, ledgerRegion, ledgerEndpoint, ledgerCredentialsSecret, allowHttp } = values;
  const ledger = {
    ledgerName,
    ...(ledgerRegion === undefined ? {} : { region: ledgerRegion }),
    ...(ledgerCredentialsSecret === undefined
      ? {}
      : { secret: secretOf(scope, "LedgerCredentials", ledgerCredentialsSecret) }),
  };
  return ledgerEndpoint === undefined
    ? Ledger.fromQldb(ledger)
    : Ledger.fromEndpoint(ledgerEndpoint, { ...ledger, allowHttp });
}

function networkOf(
  scope: Construct,
  { vpcId, subnetIds = [], securityGroupIds }: LoaderValues,
): Pick<LoaderProps, "vpc" | "vpcSubnets" | "securityGroups"> {
  if (vpcId === undefined) return {};
  const subnets: ISubnet[] = subnetIds.map((subnetId) => {
    const subnet = Subnet.fromSubnetId(scope, subnetId, subnetId);
    // Nothing here asks for its route table.
    Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId");
    return subnet;
  });
  return {
    // By id, so that nothing is looked up in an account. The function takes the subnets; CDK only demands some zone.
    vpc: Vpc.fromVpcAttributes(scope, "Vpc", { vpcId, availabilityZones: ["not used"] }),
    vpcSubnets: { subnets },
    ...(securityGroupIds === undefined
      ? {}
      : {
          securityGroups: securityGroupIds.map((group) =>
            SecurityGroup.fromSecurityGroupId(scope, group, group, { mutable: false }),
          ),
        }),
  };
}
