// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CloudFormationTemplate } from "./moto-gaps";
import { TestServiceError } from "./guarded-process";
import { requirePeer } from "./peer-availability";

interface LintFinding {
  readonly Filename: string;
  readonly Level: string;
  readonly Location: { readonly Path?: readonly (string | number)[] };
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

const LINT = "from cfnlint.runner import main; main()";
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Checks templates by the schemas of CloudFormation with cfn-lint, which comes with moto: names, types and limits of every
 * property, also of those that moto does not look at. Returns the errors: `kinesis: E3034 at Resources/Mapping/…: …`.
 *
 * @throws TestServiceError if `peerAvailability("moto")` says no, or cfn-lint fails
 */
export async function lintTemplates(
  templates: Readonly<Record<string, CloudFormationTemplate>>,
): Promise<string[]> {
  const modules = path.join(requirePeer("moto"), "lib");
  const folder = await mkdtemp(path.join(tmpdir(), "ledger-loader-lint-"));
  try {
    const files = await Promise.all(
      Object.entries(templates).map(async ([name, template]) => {
        const file = path.join(folder, `${name}.json`);
        await writeFile(file, JSON.stringify(template));
        return file;
      }),
    );
    const findings = await runLint(modules, ["--format", "json", "--", ...files]);
    return findings.filter((finding) => finding.Level === "Error").map(describeFinding);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runLint(modules: string, args: readonly string[]): Promise<LintFinding[]> {
  const env = { ...process.env, PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: "1" };
  return new Promise((resolve, reject) => {
    execFile(
      "python3",
      ["-c", LINT, ...args],
      { env, maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        // The exit code tells what was found; only output that is not JSON tells that it failed.
        try {
          resolve(JSON.parse(stdout) as LintFinding[]);
        } catch {
          const output = `${stderr}${stdout}`.trim().slice(-2_000);
          reject(new TestServiceError(`Expected findings of cfn-lint, found: ${output}`, { cause: error }));
        }
      },
    );
  });
}

function describeFinding({ Filename, Location, Message, Rule }: LintFinding): string {
  const name = path.basename(Filename, ".json");
  return `${name}: ${Rule.Id} at ${Location.Path?.join("/") ?? "the template"}: ${Message}`;
}
