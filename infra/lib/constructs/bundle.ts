// SPDX-License-Identifier: MIT
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync, type BuildFailure, type BuildOptions, type BuildResult, type Metafile } from "esbuild";
import { BundleError } from "../infra-errors";
import type { SourceExport } from "./source-export";

/** The parts of a function's code. */
export interface BundleOptions {
  /** The entry in `infra/lambda`, such as `sqs`. */
  readonly entry: string;
  /** The user's own writer and mapper, with absolute paths. */
  readonly revisionWriter?: SourceExport;
  readonly loadEventMapper?: SourceExport;
  /** Files to put beside the code, by the names they get there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Texts to put beside the code, by the names of their files. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** The package path under which entries import the user's code. */
const EXTENSIONS = "@ledger-loader/infra/extensions";
/** Packages of which a writer must use the same copy as the loader: their classes are compared. */
const SHARED = ["@ledger-loader/core", "ion-js"] as const;
/**
 * The chain of credential sources, and what takes its place in functions. The chain would bring the clients of services that a function
 * never asks for credentials, a quarter of its code.
 */
const CREDENTIAL_CHAIN = "@aws-sdk/credential-provider-node";
const FUNCTION_CREDENTIALS = "function-credentials";
const HERE = createRequire(__filename);
const CODE_FILE = "index.js";
/** By the name of their entry, without code of the user's. */
const bundles = new Map<string, Bundle>();

/**
 * Writes a function's code, `index.js`, to a folder: one minified file with everything in it, Node.js's own modules excepted.
 * The same input gives the same bytes on every machine.
 *
 * @throws BundleError if the user's code cannot be bundled.
 */
export function bundleFunction(folder: string, options: BundleOptions): Metafile {
  const { code, metafile } = bundleOf(options);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, CODE_FILE), code);
  for (const [name, source] of Object.entries(options.files ?? {})) {
    copyFileSync(source, path.join(folder, name));
  }
  for (const [name, text] of Object.entries(options.texts ?? {}))
    writeFileSync(path.join(folder, name), text);
  return metafile;
}

interface Bundle {
  readonly code: Uint8Array;
  readonly metafile: Metafile;
}

/** The bundle of an entry, made once for all loaders of an app. With code of the user's it is made each time. */
function bundleOf(options: BundleOptions): Bundle {
  if (options.revisionWriter !== undefined || options.loadEventMapper !== undefined)
    return makeBundle(options);
  const bundle = bundles.get(options.entry) ?? makeBundle(options);
  bundles.set(options.entry, bundle);
  return bundle;
}

function makeBundle(options: BundleOptions): Bundle {
  return withTemporaryFolder((temporary) => {
    const extensions = path.join(temporary, "extensions.ts");
    writeFileSync(extensions, extensionsSource(options));
    const { outputFiles = [], metafile = { inputs: {}, outputs: {} } } = build({
      entryPoints: [lambdaEntry(options.entry)],
      outfile: path.join(temporary, CODE_FILE),
      write: false,
      minify: true,
      // Logs and Lambda's answers name errors by their class.
      keepNames: true,
      metafile: true,
      alias: {
        ...bundledPackages(),
        [EXTENSIONS]: extensions,
        [CREDENTIAL_CHAIN]: lambdaEntry(FUNCTION_CREDENTIALS),
      },
    });
    return { code: outputFiles[0]?.contents ?? new Uint8Array(), metafile };
  });
}

/**
 * Loads a module of the user's as the bundle will contain it, but with this process's copies of the shared packages.
 *
 * @throws BundleError if it cannot be bundled, or fails when it is loaded.
 */
export function loadSource(entry: string): Readonly<Record<string, unknown>> {
  return withTemporaryFolder((temporary) => {
    const outfile = path.join(temporary, "module.cjs");
    const shared = { ...sharedPackages(), "@ledger-loader/infra": HERE.resolve("../index") };
    build({ entryPoints: [entry], outfile, alias: shared, external: Object.values(shared) });
    try {
      return HERE(outfile) as Readonly<Record<string, unknown>>;
    } catch (cause) {
      throw new BundleError(
        `Expected ${entry} to load, found ${cause instanceof Error ? cause.message : "an error"}. Correct the module.`,
        { cause },
      );
    }
  });
}

function build(options: BuildOptions): BuildResult {
  try {
    return buildSync({
      bundle: true,
      platform: "node",
      target: "node22",
      format: "cjs",
      legalComments: "none",
      logLevel: "silent",
      // Unused parts of the AWS SDK are left out of ECMAScript modules only. Both kinds of import get that copy, so that there is one.
      conditions: ["ws-source", "module"],
      mainFields: ["module", "main"],
      ...options,
    });
  } catch (cause) {
    throw new BundleError(`Expected code that can be bundled, found ${problemsOf(cause)}. Correct it.`, {
      cause,
    });
  }
}

/** The problems that esbuild names, with paths that do not depend on the folder that it was run in. */
function problemsOf(cause: unknown): string {
  const { errors = [] } = cause as Partial<BuildFailure>;
  if (errors.length === 0) return String(cause);
  return errors
    .map(({ text, location }) =>
      location === null ? text : `${text} in ${path.resolve(location.file)}:${location.line}`,
    )
    .join("; ");
}

function extensionsSource({ revisionWriter, loadEventMapper }: BundleOptions): string {
  return Object.entries({ revisionWriter, loadEventMapper })
    .map(([name, source]) =>
      source === undefined
        ? `export const ${name} = undefined;`
        : `export { ${source.export} as ${name} } from ${JSON.stringify(source.entry)};`,
    )
    .join("\n");
}

/** The source, of which unused imports are left out, in the workspace; what it was compiled to in the package. */
function lambdaEntry(name: string): string {
  const compiled = path.join(__dirname, "../../lambda", `${name}.js`);
  const sources = ["../..", "../../.."].map((root) => path.join(__dirname, root, "lambda", `${name}.ts`));
  return sources.find((file) => existsSync(file)) ?? compiled;
}

/** As {@link sharedPackages}; in the workspace `core` is bundled from its source, as all other packages are. */
function bundledPackages(): Record<string, string> {
  const core = path.join(path.dirname(HERE.resolve("@ledger-loader/core/package.json")), "src/index.ts");
  return existsSync(core) ? { ...sharedPackages(), "@ledger-loader/core": core } : sharedPackages();
}

function sharedPackages(): Record<string, string> {
  return Object.fromEntries(SHARED.map((name) => [name, HERE.resolve(name)]));
}

function withTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "ledger-loader-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
