// SPDX-License-Identifier: MIT
import { existsSync } from "node:fs";
import path from "node:path";
import { Duration } from "aws-cdk-lib";
import {
  ContainerImage,
  FargateTaskDefinition,
  LogDrivers,
  Secret as ContainerSecret,
  type ContainerDefinition,
} from "aws-cdk-lib/aws-ecs";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { DatabaseCluster } from "aws-cdk-lib/aws-rds";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { DeploymentConfigError } from "../../infra-errors";
import { acknowledge } from "../acknowledgements";
import { DATABASE_NAME, DATABASE_USER } from "./ledger-database";
import type { LedgerServiceProps } from "./ledger-service-props";

/** Where servers answer, and where they say how they are. */
export const SERVER_PORT = 8182;
export const HEALTH_PORT = 9464;

/** The parts of a task. */
export interface LedgerTaskProps extends LedgerServiceProps {
  readonly secret: ISecret;
  readonly logGroup: ILogGroup;
  readonly database: DatabaseCluster;
}

/**
 * Writes the access key where the server reads keys, and becomes the server. ECS hands secrets over as variables; the server
 * reads a file that no one else may read.
 */
export const SERVER_COMMAND: string = [
  "umask 077",
  `printf '{"Keys":[{"UserName":"loader","AccessKeyId":"%s","SecretAccessKey":"%s","Statement":[{"Effect":"Allow","Action":"qldb:*","Resource":"*"}]}]}' "$ACCESS_KEY_ID" "$SECRET_ACCESS_KEY" > "$TMPDIR/keys.json"`,
  "unset ACCESS_KEY_ID SECRET_ACCESS_KEY LEDGER_SERVE_DATA",
  'LEDGER_SERVE_CREDENTIALS="$TMPDIR/keys.json" exec ledger-loader ledger serve',
].join(" && ");

/** The task of a server: read-only but for one folder, without root, with its secrets from Secrets Manager. */
export function createTask(scope: Construct, props: LedgerTaskProps): FargateTaskDefinition {
  const { cpu = 1024, memoryMb = 2048 } = props;
  const task = new FargateTaskDefinition(scope, "Task", { cpu, memoryLimitMiB: memoryMb });
  const folder = "data";
  task.addVolume({ name: folder });
  const container = addServer(task, props);
  container.addMountPoints({ sourceVolume: folder, containerPath: "/data", readOnly: false });
  acknowledge(task, "AwsSolutions::AwsSolutions-ECS2");
  if (task.executionRole !== undefined)
    acknowledge(task.executionRole, "AwsSolutions::AwsSolutions-IAM5[Resource::*]");
  return task;
}

function addServer(task: FargateTaskDefinition, props: LedgerTaskProps): ContainerDefinition {
  const { image = imageOfCheckout(), domainName, secret, logGroup, database } = props;
  const { hostname } = database.clusterEndpoint;
  const password = database.secret;
  return task.addContainer("ledger", {
    image,
    entryPoint: ["sh", "-c"],
    command: [SERVER_COMMAND],
    readonlyRootFilesystem: true,
    stopTimeout: Duration.seconds(30),
    portMappings: [{ containerPort: SERVER_PORT }, { containerPort: HEALTH_PORT }],
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: "ledger" }),
    environment: {
      TMPDIR: "/data",
      LEDGER_LOADER_POSTGRES_URL: `postgres://${DATABASE_USER}@${hostname}:5432/${DATABASE_NAME}?sslmode=verify-full`,
      NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/aws-rds.pem",
      LEDGER_SERVE_HOST: "0.0.0.0",
      LEDGER_SERVE_PORT: String(SERVER_PORT),
      LEDGER_SERVE_ALLOW_HOST: domainName,
      // The load balancer's own certificate is what clients see; between it and the servers any will do.
      LEDGER_SERVE_TLS_SELF_SIGNED: "true",
      HEALTH_HOST: "0.0.0.0",
      HEALTH_PORT: String(HEALTH_PORT),
    },
    secrets: {
      ACCESS_KEY_ID: ContainerSecret.fromSecretsManager(secret, "accessKeyId"),
      SECRET_ACCESS_KEY: ContainerSecret.fromSecretsManager(secret, "secretAccessKey"),
      ...(password === undefined
        ? {}
        : { PGPASSWORD: ContainerSecret.fromSecretsManager(password, "password") }),
    },
  });
}

/** The image of this project's checkout: its Dockerfile is built when the stack is deployed, not when it is synthesized. */
function imageOfCheckout(): ContainerImage {
  const root = [0, 1]
    .map((more) => path.join(__dirname, "../../../..", "../".repeat(more)))
    .find(
      (folder) => existsSync(path.join(folder, "Dockerfile")) && existsSync(path.join(folder, "packages")),
    );
  if (root === undefined)
    throw new DeploymentConfigError([
      "image: expected the image of ledger serve, as this package is not in a checkout with its Dockerfile, found none. Build the image from a checkout, and name it: ContainerImage.fromEcrRepository(…)",
    ]);
  return ContainerImage.fromAsset(root, {
    exclude: ["infra/cdk.out", "cdk.out", "**/node_modules", "**/dist"],
  });
}
