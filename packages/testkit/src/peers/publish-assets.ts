// SPDX-License-Identifier: MIT
import {
  AlreadyExistsException,
  CloudFormationClient,
  CreateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { MotoServer } from "../moto-server";

/** The account that moto puts everyone in who does not say otherwise. */
const ACCOUNT = "123456789012";
/** Name and versions of what `cdk bootstrap` makes: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
const QUALIFIER = "hnb659fds";
const BOOTSTRAP_VERSION = "30";
const BUCKET = "cdk-" + QUALIFIER + "-assets-${AWS::AccountId}-${AWS::Region}";

interface AssetManifest {
  readonly files?: Readonly<Record<string, FileAsset>>;
}
interface FileAsset {
  readonly source: { readonly path: string; readonly packaging: "file" | "zip" };
  readonly destinations: Readonly<
    Record<string, { readonly bucketName: string; readonly objectKey: string }>
  >;
}

/**
 * Does what `cdk bootstrap` and `cdk-assets publish` do: makes the bucket for assets unless it is there, and puts the files
 * of a manifest into it, folders as zip files.
 */
export async function publishAssets(
  moto: Pick<MotoServer, "clientConfig">,
  manifestFile: string,
): Promise<void> {
  await bootstrap(moto);
  const { files = {} } = JSON.parse(await readFile(manifestFile, "utf8")) as AssetManifest;
  const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
  try {
    for (const { source, destinations } of Object.values(files)) {
      const body = await packageAsset(
        path.resolve(path.dirname(manifestFile), source.path),
        source.packaging,
      );
      for (const { bucketName, objectKey } of Object.values(destinations)) {
        const Bucket = resolve(bucketName, moto.clientConfig.region);
        await client.send(new PutObjectCommand({ Bucket, Key: objectKey, Body: body }));
      }
    }
  } finally {
    client.destroy();
  }
}

async function bootstrap(moto: Pick<MotoServer, "clientConfig">): Promise<void> {
  const client = new CloudFormationClient(moto.clientConfig);
  const template = {
    Resources: {
      StagingBucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: { "Fn::Sub": BUCKET } } },
      CdkBootstrapVersion: {
        Type: "AWS::SSM::Parameter",
        Properties: {
          Type: "String",
          Name: `/cdk-bootstrap/${QUALIFIER}/version`,
          Value: BOOTSTRAP_VERSION,
        },
      },
    },
  };
  try {
    await client.send(
      new CreateStackCommand({ StackName: "CDKToolkit", TemplateBody: JSON.stringify(template) }),
    );
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error;
  } finally {
    client.destroy();
  }
}

function resolve(text: string, region: string): string {
  return text
    .replaceAll("${AWS::AccountId}", ACCOUNT)
    .replaceAll("${AWS::Region}", region)
    .replaceAll("${AWS::Partition}", "aws");
}

async function packageAsset(source: string, packaging: FileAsset["source"]["packaging"]): Promise<Buffer> {
  if (packaging === "file") return readFile(source);
  const folder = await mkdtemp(path.join(tmpdir(), "ledger-loader-asset-"));
  try {
    const zip = path.join(folder, "asset.zip");
    // Wherever moto runs there is Python, and its standard library writes zip files.
    await promisify(execFile)("python3", ["-m", "zipfile", "-c", zip, ...(await readdir(source))], {
      cwd: source,
    });
    return await readFile(zip);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
