// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { deployTemplate, type DeployedStack, type MotoServer } from "@ledger-loader/testkit";
import { loaderTemplate } from "./loader-template";

/** Deploys {@link loaderTemplate} to moto as the stack `loader`, with code for its function. */
export async function deployLoader(moto: MotoServer): Promise<DeployedStack> {
  const folder = mkdtempSync(path.join(tmpdir(), "ledger-loader-deploy-"));
  try {
    return await deployTemplate(moto, {
      stackName: "loader",
      template: loaderTemplate,
      assetManifest: writeAsset(folder),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a function's code and the manifest that CDK would write beside the template. */
function writeAsset(folder: string): string {
  mkdirSync(path.join(folder, "asset"));
  writeFileSync(path.join(folder, "asset", "index.js"), "exports.handler = async () => {};\n");
  const manifest = path.join(folder, "loader.assets.json");
  const destination = {
    bucketName: "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}",
    objectKey: "code.zip",
  };
  const file = { source: { path: "asset", packaging: "zip" }, destinations: { current: destination } };
  writeFileSync(manifest, JSON.stringify({ version: "36.0.0", files: { code: file } }));
  return manifest;
}
