// SPDX-License-Identifier: MIT
import type { S3Client } from "@aws-sdk/client-s3";
import type { Terminal } from "../output/terminal";
import { awsClientConfig } from "./aws-client";

/** Opens a client of S3, AWS's own or an emulator's, as the environment says. Whoever opens it ends it. */
export async function openS3Client(env: Terminal["env"]): Promise<S3Client> {
  const sdk = await import("@aws-sdk/client-s3");
  const config = awsClientConfig(env, "S3", undefined);
  // Emulators and other services have no host per bucket.
  const forcePathStyle = config.endpoint !== undefined;
  return new sdk.S3Client({ ...config, forcePathStyle, followRegionRedirects: true });
}
