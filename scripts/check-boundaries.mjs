// SPDX-License-Identifier: MIT
// Fails when a package imports, or declares, a package that it may not depend on, or imports what it does not declare.
// The allowed arrows are those of docs/internals/architecture.md; change both together.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative } from "node:path";
import ts from "typescript";

const ANYTHING = "*";
const ION = ["ion-js"];

/** Workspace packages (by short name) and registry packages that each package's shipped code may import. */
const ALLOWED = {
  errors: [],
  ion: ["errors", ...ION],
  journal: ["ion", "errors", ...ION],
  partiql: ["ion", "errors", ...ION],
  core: [
    "ion",
    "journal",
    "errors",
    ...ION,
    "amazon-qldb-driver-nodejs",
    "jsbi",
    "@aws-sdk/client-qldb",
    "@aws-sdk/client-qldb-session",
    "pino",
  ],
  kpl: ["errors"],
  kinesis: ["core", "kpl", "errors", ...ION, "@aws-sdk/client-kinesis", "@types/aws-lambda"],
  sqs: ["core", "errors", "@aws-sdk/client-sqs", "@types/aws-lambda"],
  msk: ["core", "errors", "kafkajs", "aws-msk-iam-sasl-signer-js", "@types/aws-lambda"],
  dms: ["core", "ion", "errors", ...ION, "@types/aws-lambda"],
  eventbridge: ["core", "errors", "@aws-sdk/client-eventbridge", "@types/aws-lambda"],
  dynamodb: [
    "core",
    "errors",
    ...ION,
    "@aws-sdk/client-dynamodb",
    "@aws-sdk/client-dynamodb-streams",
    "@types/aws-lambda",
  ],
  sns: ["core", "errors", "@aws-sdk/client-sns", "@types/aws-lambda"],
  export: ["ion", "journal", "errors", ...ION],
  ledger: [
    "ion",
    "journal",
    "partiql",
    "export",
    "kpl",
    "errors",
    ...ION,
    "libsql",
    "@aws-sdk/client-kinesis",
    "@smithy/node-http-handler",
  ],
  move: ["core", "export", "journal", "ion", "errors", ...ION],
  cli: ANYTHING,
  bench: ANYTHING,
  testkit: ANYTHING,
  infra: ANYTHING,
};
const SCOPE = "@ledger-loader/";
/** Only tests and the authors of a writer or a channel import it. */
const TEST_ONLY = "testkit";
/** What is deployed imports packages, and no package imports it. */
const DEPLOYMENT = "infra";

const root = join(import.meta.dirname, "..");
const problems = [];

for (const name of [...readdirSync(join(root, "packages")), DEPLOYMENT]) {
  const folder = folderOf(name);
  if (!existsSync(join(folder, "package.json"))) continue;
  if (!(name in ALLOWED)) {
    problems.push(
      `${relative(root, folder)}: no rule says what it may depend on: add it to scripts/check-boundaries.mjs`,
    );
    continue;
  }
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  checkDeclared(name, Object.keys(manifest.dependencies ?? {}));
  const sources = name === DEPLOYMENT ? ["bin", "lib", "lambda"] : ["src"];
  for (const source of sources) {
    for (const file of sourceFiles(join(folder, source))) checkFile(name, file, manifest);
  }
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`every import of ${Object.keys(ALLOWED).length} packages follows an allowed arrow`);

function checkDeclared(name, dependencies) {
  for (const dependency of dependencies) {
    if (!isAllowed(name, dependency))
      problems.push(`packages/${name}/package.json: may not depend on ${dependency}`);
  }
}

function checkFile(name, file, manifest) {
  const isTest = file.endsWith(".test.ts");
  const text = readFileSync(file, "utf8");
  for (const specifier of ts.preProcessFile(text, true, true).importedFiles.map((f) => f.fileName)) {
    const where = `${relative(root, file)}: imports ${specifier}`;
    if (specifier.startsWith(".")) {
      if (!join(file, "..", specifier).startsWith(folderOf(name))) {
        problems.push(`${where}: a relative path may not leave the package: import it by its public name`);
      }
      continue;
    }
    const dependency = packageOf(specifier);
    if (dependency === undefined) continue;
    if (dependency.startsWith(SCOPE) && !isPublic(specifier, dependency)) {
      problems.push(`${where}: only a package's public entries may be imported`);
    }
    if (isTest) continue;
    if (!isAllowed(name, dependency)) {
      problems.push(`${where}, which packages/${name} may not depend on`);
    } else if (!isDeclared(manifest, dependency)) {
      problems.push(`${where}, which packages/${name}/package.json does not declare`);
    }
  }
}

/** Whether the `exports` of one of our packages name it. */
function isPublic(specifier, dependency) {
  const file = join(folderOf(dependency.slice(SCOPE.length)), "package.json");
  if (!existsSync(file)) return false;
  return `.${specifier.slice(dependency.length)}` in JSON.parse(readFileSync(file, "utf8")).exports;
}

/** A package's types come from `@types/…` when only types are imported: `aws-lambda` has no code. */
function isDeclared(manifest, dependency) {
  const all = { ...manifest.dependencies, ...manifest.peerDependencies };
  // A package may import its own public entries by name.
  if (dependency === manifest.name) return true;
  return dependency in all || `@types/${dependency}` in { ...all, ...manifest.devDependencies };
}

function isAllowed(name, dependency) {
  const allowed = ALLOWED[name];
  const short = dependency.startsWith(SCOPE) ? dependency.slice(SCOPE.length) : dependency;
  if (short === TEST_ONLY || short === DEPLOYMENT) return name === short;
  return allowed === ANYTHING || allowed.includes(short) || allowed.includes(`@types/${short}`);
}

function folderOf(name) {
  return name === DEPLOYMENT ? join(root, name) : join(root, "packages", name);
}

function packageOf(specifier) {
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) yield* sourceFiles(path);
    else if (path.endsWith(".ts")) yield path;
  }
}
