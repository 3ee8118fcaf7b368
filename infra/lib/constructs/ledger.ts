// SPDX-License-Identifier: MIT
import { Token } from "aws-cdk-lib";
import type { Connections, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { DeploymentConfigError } from "../infra-errors";

/** A ledger, as loaders reach it. */
export interface ILedger {
  readonly ledgerName: string;
  /** The address of its Session API. Absent: Amazon QLDB's own, which was shut down on 2025-07-31. */
  readonly endpoint?: string;
  /** The region that requests are signed for. Absent: the region of the loader's stack. */
  readonly region?: string;
  /** The secret with an access key of the ledger: `{"accessKeyId": "…", "secretAccessKey": "…"}`. */
  readonly secret?: ISecret;
  /** The VPC from which it can be reached. Loaders run there unless they are given another. */
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  /** The connections that let loaders in. */
  readonly connections?: Connections;
}

/** How a ledger is reached that exists already. */
export interface LedgerOptions extends Omit<ILedger, "endpoint"> {
  /**
   * Allows an `http` URL as the address: documents and signatures then cross the network in the clear.
   *
   * @defaultValue `false`
   */
  readonly allowHttp?: boolean;
}

/** A ledger that exists already. */
export class Ledger implements ILedger {
  readonly ledgerName: string;
  declare readonly endpoint?: string;
  declare readonly region?: string;
  declare readonly secret?: ISecret;
  declare readonly vpc?: IVpc;
  declare readonly vpcSubnets?: SubnetSelection;
  declare readonly connections?: Connections;

  private constructor(ledger: ILedger) {
    this.ledgerName = ledger.ledgerName;
    Object.assign(this, ledger);
  }

  /**
   * A ledger that a server of this project, or anything else that speaks the QLDB Session API, serves.
   *
   * @param endpoint - its address, such as `https://ledger.example.com`
   * @throws DeploymentConfigError if the address is no `https` URL, and `allowHttp` is not set.
   */
  static fromEndpoint(endpoint: string, options: LedgerOptions): Ledger {
    const { allowHttp = false, ...ledger } = options;
    if (!Token.isUnresolved(endpoint)) checkEndpoint(endpoint, allowHttp);
    return new Ledger({ ...ledger, endpoint });
  }

  /** A ledger of Amazon QLDB, which was shut down on 2025-07-31: for templates that are compared, not deployed. */
  static fromQldb(ledger: Pick<ILedger, "ledgerName" | "region" | "secret">): Ledger {
    return new Ledger(ledger);
  }
}

function checkEndpoint(endpoint: string, allowHttp: boolean): void {
  const protocol = URL.canParse(endpoint) ? new URL(endpoint).protocol : undefined;
  if (protocol === "https:" || (protocol === "http:" && allowHttp)) return;
  throw new DeploymentConfigError([
    `ledger: expected an https URL, found ${JSON.stringify(endpoint)}${protocol === "http:" ? "; allowHttp sends documents in the clear" : ""}`,
  ]);
}
