// SPDX-License-Identifier: MIT
import { createVerifyApp } from "../lib/app/create-verify-app";

/** What `cdk` runs for the stack that verifies exports. The environment says which bucket. */
function main(): number {
  const { EXPORT_BUCKET: exportBucketName = "", EXPORT_PREFIX: exportPrefix = "" } = process.env;
  if (exportBucketName === "") {
    process.stderr.write("Expected the bucket of the exports in EXPORT_BUCKET, found none: set it.\n");
    return 2;
  }
  const {
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    CDK_OUTDIR: outdir = "cdk.out",
  } = process.env;
  const env = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
  createVerifyApp({ exportBucketName, exportPrefix }, env, { outdir }).synth();
  return 0;
}

process.exitCode = main();
