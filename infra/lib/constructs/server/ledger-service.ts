// SPDX-License-Identifier: MIT
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Connections, Port, type IConnectable } from "aws-cdk-lib/aws-ec2";
import { Cluster, ContainerInsights, FargateService } from "aws-cdk-lib/aws-ecs";
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  Protocol,
  SslPolicy,
  type ApplicationTargetGroup,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { LogGroup, RetentionDays, type ILogGroup } from "aws-cdk-lib/aws-logs";
import type { DatabaseCluster } from "aws-cdk-lib/aws-rds";
import { ARecord, RecordTarget } from "aws-cdk-lib/aws-route53";
import { LoadBalancerTarget } from "aws-cdk-lib/aws-route53-targets";
import { Secret, type ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledgements";
import { LoaderAlarms } from "../alarms";
import { letLogsUse } from "../keys";
import { Ledger } from "../ledger";
import { createDatabase } from "./ledger-database";
import type { LedgerServiceProps } from "./ledger-service-props";
import { createTask, HEALTH_PORT, SERVER_PORT } from "./ledger-task";

/** A task gets SIGTERM, completes what has arrived, and ends before this. */
const DRAIN = Duration.seconds(30);

/**
 * Ledgers on AWS: servers on Fargate behind an internal load balancer with TLS, on Aurora PostgreSQL. The one access key that
 * it generates may do everything; loaders sign with it.
 */
export class LedgerService extends Construct implements IConnectable {
  readonly database: DatabaseCluster;
  readonly service: FargateService;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly logGroup: ILogGroup;
  /** The access key: `{"accessKeyId": "…", "secretAccessKey": "…"}`. */
  readonly secret: ISecret;
  /** Who may reach the load balancer. */
  readonly connections: Connections;
  readonly #props: LedgerServiceProps;

  constructor(scope: Construct, id: string, props: LedgerServiceProps) {
    super(scope, id);
    this.#props = props;
    const { encryptionKey } = props;
    this.secret = this.#createSecret();
    this.logGroup = new LogGroup(this, "Log", {
      retention: props.logRetentionDays ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    letLogsUse(this, encryptionKey);
    this.database = createDatabase(this, props);
    this.service = this.#createService();
    this.database.connections.allowDefaultPortFrom(this.service, "Servers keep their ledgers in it");
    // A session belongs to one server; the others pass its requests on.
    for (const group of this.service.connections.securityGroups)
      group.addIngressRule(group, Port.tcp(SERVER_PORT), "Servers reach each other");
    this.loadBalancer = this.#createLoadBalancer();
    const targets = this.#balance();
    const { securityGroups } = this.loadBalancer.connections;
    this.connections = new Connections({ securityGroups, defaultPort: Port.tcp(443) });
    this.#record();
    this.#watch(targets);
  }

  /** A ledger that the servers serve. Create it once: `ledger-loader ledger create NAME`. */
  ledger(ledgerName: string): Ledger {
    const { domainName, vpc, vpcSubnets } = this.#props;
    return Ledger.fromEndpoint(`https://${domainName}`, {
      ledgerName,
      secret: this.secret,
      vpc,
      ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
      connections: this.connections,
    });
  }

  #createSecret(): Secret {
    const { encryptionKey } = this.#props;
    const secret = new Secret(this, "AccessKey", {
      description: "The access key of the ledger servers",
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ accessKeyId: "LEDGERLOADER00001" }),
        generateStringKey: "secretAccessKey",
        excludePunctuation: true,
        passwordLength: 40,
      },
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    acknowledge(secret, "AwsSolutions::AwsSolutions-SMG4");
    return secret;
  }

  #createService(): FargateService {
    const { vpc, vpcSubnets, tasks = 2 } = this.#props;
    const cluster = new Cluster(this, "Cluster", { vpc, containerInsightsV2: ContainerInsights.ENABLED });
    const taskDefinition = createTask(this, {
      ...this.#props,
      secret: this.secret,
      logGroup: this.logGroup,
      database: this.database,
    });
    return new FargateService(this, "Service", {
      cluster,
      taskDefinition,
      desiredCount: tasks,
      // A new version takes over server by server, and goes back by itself if it does not become healthy.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.minutes(2),
      assignPublicIp: false,
      ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    });
  }

  #createLoadBalancer(): ApplicationLoadBalancer {
    const { vpc, vpcSubnets } = this.#props;
    const loadBalancer = new ApplicationLoadBalancer(this, "LoadBalancer", {
      vpc,
      internetFacing: false,
      dropInvalidHeaderFields: true,
      deletionProtection: true,
      idleTimeout: Duration.minutes(2),
      ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    });
    acknowledge(loadBalancer, "AwsSolutions::AwsSolutions-ELB2");
    return loadBalancer;
  }

  #balance(): ApplicationTargetGroup {
    const listener = this.loadBalancer.addListener("Https", {
      port: 443,
      open: false,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [this.#props.certificate],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
    });
    const target = this.service.loadBalancerTarget({ containerName: "ledger", containerPort: SERVER_PORT });
    this.service.connections.allowFrom(this.loadBalancer, Port.tcp(HEALTH_PORT), "Asks servers how they are");
    return listener.addTargets("Servers", {
      port: SERVER_PORT,
      protocol: ApplicationProtocol.HTTPS,
      targets: [target],
      deregistrationDelay: DRAIN,
      healthCheck: {
        protocol: Protocol.HTTP,
        port: String(HEALTH_PORT),
        path: "/health/ready",
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
  }

  #record(): void {
    const { hostedZone: zone, domainName } = this.#props;
    if (zone === undefined) return;
    const target = RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer));
    new ARecord(this, "Record", { zone, recordName: `${domainName}.`, target });
  }

  #watch(targets: ApplicationTargetGroup): void {
    const { alarms = true, alarmTopic, tasks = 2 } = this.#props;
    new LoaderAlarms(this, { alarms, alarmTopic }).server(targets, this.database, tasks);
  }
}
