// SPDX-License-Identifier: MIT
// Fetches the real services that integration tests run against into a folder of the user's cache, where they stay:
//   fetch.mjs [--require] [NAME...]     all of peers.json, or those named
// LEDGER_LOADER_PEERS limits what is fetched, whatever was named: a comma-separated list, or `none`.
// LEDGER_LOADER_PEERS_DIR sets the folder. A peer that cannot be had here is named, with the reason; tests that need it
// are skipped then. The exit code is 0 all the same, unless --require was given.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const TIME_LIMIT_MS = 5 * 60_000;
const MAVEN_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

const peers = JSON.parse(readFileSync(join(import.meta.dirname, "peers.json"), "utf8"));
// The same folder as in src/peer-availability.ts.
const cache =
  process.env.LEDGER_LOADER_PEERS_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "ledger-loader", "peers");

const args = process.argv.slice(2);
let missing = 0;
for (const name of namesToFetch(args.filter((arg) => arg !== "--require"))) {
  try {
    await fetchPeer(name);
  } catch (error) {
    missing++;
    console.error(`NOT FETCHED: ${peers[name].title}, so its tests are skipped: ${error.message}`);
  }
}
process.exit(missing > 0 && args.includes("--require") ? 1 : 0);

function namesToFetch(named) {
  const allowed = process.env.LEDGER_LOADER_PEERS?.split(",").filter(
    (name) => name !== "" && name !== "none",
  );
  for (const name of [...named, ...(allowed ?? [])]) {
    if (name in peers) continue;
    console.error(`error: expected ${Object.keys(peers).join(", ")}, found ${name}: give one of these.`);
    process.exit(2);
  }
  const names = named.length > 0 ? named : Object.keys(peers);
  return allowed === undefined ? names : names.filter((name) => allowed.includes(name));
}

async function fetchPeer(name) {
  const { title, version, licence, megabytes, maven, pip, npm } = peers[name];
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return console.log(`${title} ${version}: already here`);
  console.log(`${title} ${version}: fetching ${megabytes} MB; licence: ${licence}`);
  mkdirSync(cache, { recursive: true });
  // Filled under another name, so that what has the final name is always complete.
  const unfinished = mkdtempSync(join(cache, `${name}-unfinished-`));
  const started = Date.now();
  try {
    if (maven) await fetchJars(unfinished, maven);
    if (pip) await fetchPython(unfinished, pip);
    if (npm) await fetchNode(unfinished, npm);
    renameIfFirst(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  console.log(`${title} ${version}: fetched in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function fetchJars(folder, artifacts) {
  const dependencies = artifacts.map((artifact) => {
    const [groupId, artifactId, version] = artifact.split(":");
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
  });
  const pom = join(folder, "pom.xml");
  writeFileSync(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>ledger-loader</groupId><artifactId>peer</artifactId><version>1</version>
<dependencies>${dependencies.join("\n")}</dependencies></project>\n`,
  );
  await run("java", ["-version"]);
  await run("mvn", [
    ...["-B", "-q", "-ntp", "-f", pom, `${MAVEN_PLUGIN}:copy-dependencies`],
    ...[`-DoutputDirectory=${join(folder, "lib")}`, "-DincludeScope=runtime"],
  ]);
}

/** Installed beside a virtual environment that only lends its pip: environments do not survive a rename. */
async function fetchPython(folder, requirements) {
  const environment = join(folder, "environment");
  await run("python3", ["-m", "venv", environment]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await run(join(environment, "bin", "python3"), [...pip, "--target", join(folder, "lib"), ...requirements]);
  rmSync(environment, { recursive: true });
}

async function fetchNode(folder, packages) {
  // npm 11 and later ask for consent to install scripts, which compile native code here.
  const allowScripts = Object.fromEntries(packages.map((name) => [name.replace(/@[^@]*$/, ""), true]));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, allowScripts })}\n`);
  await run("npm", [
    ...["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel", "error"],
    ...packages,
  ]);
}

/** Another process may have been quicker; its folder is as good. */
function renameIfFirst(unfinished, folder) {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Runs a command quietly; a failure carries its last lines. */
function run(command, commandArgs) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArgs, { stdio: ["ignore", "pipe", "pipe"], timeout: TIME_LIMIT_MS });
    let output = "";
    const keep = (chunk) => (output = (output + chunk).slice(-4_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) =>
      reject(new Error(error.code === "ENOENT" ? `there is no ${command} on the PATH` : error.message)),
    );
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const how = signal === null ? `failed with code ${code}` : `was ended by ${signal}`;
      reject(new Error(`${command} ${how}:\n${output.trim().split("\n").slice(-12).join("\n")}`));
    });
  });
}
