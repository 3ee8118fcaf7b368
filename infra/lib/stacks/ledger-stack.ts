// SPDX-License-Identifier: MIT
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Ledger } from "../constructs/ledger";
import { LedgerService } from "../constructs/server/ledger-service";
import type { LedgerServiceProps } from "../constructs/server/ledger-service-props";

/** The properties of a {@link LedgerStack}. */
export interface LedgerStackProps extends StackProps, LedgerServiceProps {}

/** The stack of a {@link LedgerService}. */
export class LedgerStack extends Stack {
  readonly service: LedgerService;

  constructor(scope: Construct, id: string, props: LedgerStackProps) {
    super(scope, id, props);
    this.service = new LedgerService(this, "Default", props);
    const { secret, loadBalancer, database } = this.service;
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output("Endpoint", `https://${props.domainName}`, "The address of the ledgers.");
    output("LoadBalancerName", loadBalancer.loadBalancerDnsName, "What the name must lead to.");
    output("AccessKeySecretArn", secret.secretArn, "The access key, which may do everything.");
    output("DatabaseEndpoint", database.clusterEndpoint.hostname, "The database that keeps the ledgers.");
  }

  /** A ledger that the servers serve, for the loaders of other stacks. */
  ledger(ledgerName: string): Ledger {
    return this.service.ledger(ledgerName);
  }
}
