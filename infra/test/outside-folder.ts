// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startLambda, type LambdaFunction, type LambdaFunctionOptions } from "@ledger-loader/testkit";

const ROOT = path.join(__dirname, "..", "..");
/** The page whose steps are followed. */
export const GUIDE: string = readFileSync(path.join(ROOT, "docs", "guides", "writer.md"), "utf8");
/** What the guide fetches from a registry; linked here, so that no test needs a network. */
export const FETCHED_CDK = /aws-cdk@[\d.]+/;
/** Bundling and checking take their time on a busy machine. */
export const SYNTHESIS_MS_MAX = 300_000;

/** A function as it is in a cloud assembly. */
interface AssembledFunction {
  readonly codeFolder: string;
  /** Its environment, without what CloudFormation fills in. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: FunctionProperties }>
  >;
}

interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
}

/** A folder outside of the repository with a package.json of its own, beside what its owner sees as a checkout. */
export class OutsideFolder {
  readonly parent: string;

  private constructor(parent: string) {
    this.parent = parent;
  }

  /** Sets one up as the guide's reader has it when it comes to deployment. */
  static async make(): Promise<OutsideFolder> {
    if (!existsSync(path.join(ROOT, "infra/dist/bin/app.js"))) {
      throw new Error("Expected the packages to be built, found no infra/dist/bin. Run `pnpm build` first.");
    }
    const folder = new OutsideFolder(await mkdtemp(path.join(tmpdir(), "outside-")));
    await symlink(ROOT, path.join(folder.parent, "ledger-loader"));
    await cp(path.join(ROOT, "docs", "examples", "my-writer"), folder.path, { recursive: true });
    await cp(path.join(__dirname, "fixtures", "outside-writer"), folder.path, { recursive: true });
    await writeFile(path.join(folder.path, "package.json"), '{"name":"my-writer","version":"1.0.0"}');
    const linked = ["core", "dms", "testkit"].map((name) => `packages/${name}`);
    linked.push("node_modules/@types/node", "node_modules/@jest/globals");
    await folder.run(["npm install", ...linked.map((each) => `../ledger-loader/${each}`)].join(" "));
    const [, cdkJson = ""] = /```json\n(\{ "app"[\s\S]*?)```/.exec(GUIDE) ?? [];
    await writeFile(path.join(folder.path, "cdk.json"), cdkJson);
    const [install = ""] = commandsOf("Deploy it");
    await folder.run(install.replace(FETCHED_CDK, "../ledger-loader/infra/node_modules/aws-cdk"));
    return folder;
  }

  get path(): string {
    return path.join(this.parent, "my-writer");
  }

  /** Runs shell commands in the folder, without a network. */
  async run(commands: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const { JEST_WORKER_ID: _, NODE_ENV: __, NODE_OPTIONS: ___, ...inherited } = process.env;
    await promisify(execFile)("bash", ["-euo", "pipefail", "-c", commands], {
      cwd: this.path,
      env: {
        ...inherited,
        npm_config_offline: "true",
        npm_config_ignore_scripts: "true",
        npm_config_audit: "false",
        npm_config_fund: "false",
        CDK_DISABLE_CLI_TELEMETRY: "true",
        ...environment,
      },
    });
  }

  /** The function of a synthesized stack. */
  assembled(stackName: string, outdir = "cdk.out"): AssembledFunction {
    const assembly = path.join(this.path, outdir);
    const text = readFileSync(path.join(assembly, `${stackName}.template.json`), "utf8");
    const resources = Object.values((JSON.parse(text) as Template).Resources);
    const properties = resources.find(({ Type }) => Type === "AWS::Lambda::Function")!.Properties;
    const variables = Object.entries(properties.Environment.Variables);
    return {
      codeFolder: path.join(assembly, `asset.${path.basename(properties.Code.S3Key, ".zip")}`),
      environment: Object.fromEntries(
        variables.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
      ),
    };
  }

  /** Starts the function of a synthesized stack; `surroundings` are what the stack would find in AWS. */
  start(
    stackName: string,
    outdir: string,
    runtimeClient: NonNullable<LambdaFunctionOptions["runtimeClient"]>,
    surroundings: Readonly<Record<string, string>>,
  ): Promise<LambdaFunction> {
    const { codeFolder, environment } = this.assembled(stackName, outdir);
    return startLambda({
      codeFolder,
      runtimeClient,
      environment: {
        ...environment,
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "role",
        AWS_SECRET_ACCESS_KEY: "role",
        ...surroundings,
      },
    });
  }

  async remove(): Promise<void> {
    await rm(this.parent, { recursive: true });
  }
}

/** The guide's shell blocks under a heading. */
export function commandsOf(heading: string): readonly string[] {
  const [, section = ""] = GUIDE.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands = ""]) => commands);
}
