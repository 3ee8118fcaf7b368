// SPDX-License-Identifier: MIT
import path from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { type BundleOptions, bundleFunction } from "./bundle";

/** A function's code as an asset, bundled straight into the cloud assembly; nothing is bundled for stacks that are not asked for. */
export function bundledCode(options: BundleOptions): Code {
  return Code.fromAsset(path.join(__dirname, "../..", "lambda"), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the bundle is always made here.
      image: DockerImage.fromRegistry("none"),
      // CDK bundles once for equal inputs, and does not see into `local`: without this, all functions of an app are one.
      command: [JSON.stringify(options)],
      local: {
        tryBundle: (folder) => {
          bundleFunction(folder, options);
          return true;
        },
      },
    },
  });
}
