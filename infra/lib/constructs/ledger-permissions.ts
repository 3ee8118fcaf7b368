// SPDX-License-Identifier: MIT
import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

/** The actions of the loader's statements: it reads, writes, looks into history, and creates its bookkeeping table with its index. */
const PARTIQL_ACTIONS = [
  "qldb:PartiQLSelect",
  "qldb:PartiQLInsert",
  "qldb:PartiQLUpdate",
  "qldb:PartiQLDelete",
  "qldb:PartiQLHistoryFunction",
  "qldb:PartiQLCreateTable",
  "qldb:PartiQLCreateIndex",
];

/**
 * The rights of a function in a ledger that is QLDB's own, or checks permissions as QLDB does. Source: QLDB's developer
 * guide, "Getting started with the standard permissions mode", and the service authorization reference.
 */
export function qldbStatements(scope: Construct, ledgerName: string, region: string): PolicyStatement[] {
  const ledger = Stack.of(scope).formatArn({
    service: "qldb",
    region,
    resource: "ledger",
    resourceName: ledgerName,
  });
  return [
    new PolicyStatement({ actions: ["qldb:SendCommand"], resources: [ledger] }),
    // Tables have ids that QLDB makes when they are created, so all tables of this one ledger.
    new PolicyStatement({ actions: PARTIQL_ACTIONS, resources: [`${ledger}/table/*`] }),
    new PolicyStatement({
      actions: ["qldb:PartiQLSelect"],
      resources: [`${ledger}/information_schema/user_tables`],
    }),
  ];
}
