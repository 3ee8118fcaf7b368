// SPDX-License-Identifier: MIT
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from "aws-cdk-lib/aws-rds";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledgements";
import type { LedgerServiceProps } from "./ledger-service-props";

/** The user of the servers, and their database. */
export const DATABASE_USER = "ledger";
export const DATABASE_NAME = "ledgers";

/**
 * Aurora PostgreSQL Serverless v2 with a reader that takes over, encrypted, backed up, and kept as a snapshot when the stack is
 * deleted, which its protection must be taken from first.
 */
export function createDatabase(scope: Construct, props: LedgerServiceProps): DatabaseCluster {
  const { vpc, vpcSubnets, encryptionKey, capacityMin = 0.5, capacityMax = 8, backupDays = 35 } = props;
  const key = encryptionKey === undefined ? {} : { encryptionKey };
  const database = new DatabaseCluster(scope, "Database", {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_7 }),
    credentials: Credentials.fromGeneratedSecret(DATABASE_USER, key),
    defaultDatabaseName: DATABASE_NAME,
    writer: ClusterInstance.serverlessV2("Writer", { enablePerformanceInsights: true }),
    readers: [
      ClusterInstance.serverlessV2("Reader", { scaleWithWriter: true, enablePerformanceInsights: true }),
    ],
    serverlessV2MinCapacity: capacityMin,
    serverlessV2MaxCapacity: capacityMax,
    vpc,
    ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    storageEncrypted: true,
    ...(encryptionKey === undefined ? {} : { storageEncryptionKey: encryptionKey }),
    backup: { retention: Duration.days(backupDays) },
    copyTagsToSnapshot: true,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.SNAPSHOT,
    cloudwatchLogsExports: ["postgresql"],
    // Connections without TLS are refused.
    parameters: { "rds.force_ssl": "1" },
  });
  acknowledge(database, "AwsSolutions::AwsSolutions-SMG4");
  acknowledge(database, "AwsSolutions::AwsSolutions-RDS6");
  acknowledge(database, "AwsSolutions::AwsSolutions-RDS11");
  return database;
}
