// SPDX-License-Identifier: MIT
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { ContainerImage } from "aws-cdk-lib/aws-ecs";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IHostedZone } from "aws-cdk-lib/aws-route53";
import type { ITopic } from "aws-cdk-lib/aws-sns";

/** The properties of a `LedgerService`. */
export interface LedgerServiceProps {
  /** The VPC of servers, database and load balancer. The servers fetch their image and their secrets from its private subnets. */
  readonly vpc: IVpc;
  /** @defaultValue the private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** The name by which clients reach the ledger, such as `ledger.internal.example.com`. */
  readonly domainName: string;
  /** A certificate for that name. */
  readonly certificate: ICertificate;
  /** The zone in which the name is recorded. @defaultValue record it yourself, as an alias of the load balancer */
  readonly hostedZone?: IHostedZone;
  /** The image of `ledger serve`. @defaultValue that of the Dockerfile of this project's checkout, built when it is deployed */
  readonly image?: ContainerImage;
  /** How many servers run. @defaultValue 2 */
  readonly tasks?: number;
  /** The CPU units of a server; 1024 is one processor. @defaultValue 1024 */
  readonly cpu?: number;
  /** The memory of a server in MB. @defaultValue 2048 */
  readonly memoryMb?: number;
  /** The least capacity of the database, in Aurora capacity units. @defaultValue 0.5 */
  readonly capacityMin?: number;
  /** The most capacity of the database. @defaultValue 8 */
  readonly capacityMax?: number;
  /** How many days the database can be restored to. @defaultValue 35 */
  readonly backupDays?: number;
  /** The key of the database, secrets and logs. @defaultValue AWS's own keys */
  readonly encryptionKey?: IKey;
  /** Creates the alarms. @defaultValue `true` */
  readonly alarms?: boolean;
  /** Where alarms are sent, and that they are over. @defaultValue they only show in CloudWatch */
  readonly alarmTopic?: ITopic;
  /** How long the servers' log is kept. @defaultValue one month */
  readonly logRetentionDays?: RetentionDays;
}
