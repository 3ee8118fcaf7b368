// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { checkDocument } from "../test/check-document";
import { runWords } from "../test/run-words";
import { COMMAND_HEADS, loadAllCommands } from "./commands";
import { flagOf } from "./options/environment-options";

/** The words that bash offers behind these words, of which the last is not complete. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout: script } = await runWords(["completion", "bash"]);
  const line = ["ledger-loader", ...words].map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _ledger_loader; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["--norc", "-c", `${script}\n${ask}`], { encoding: "utf8" });
  return output.split("\n").filter((word) => word !== "");
}

describe("completion in bash", () => {
  it("offers groups, and commands without a group", async () => {
    expect(await offered("")).toEqual(expect.arrayContaining(["ledger", "export", "load", "redrive"]));
    expect(await offered("reco")).toEqual(["reconcile"]);
  });

  it("offers the commands of a group", async () => {
    expect(await offered("export", "ver")).toEqual(["verify"]);
    expect(await offered("ledger", "ser")).toEqual(["serve"]);
  });

  it("offers a command's options, once their hyphens are typed, and leaves files to bash", async () => {
    expect(await offered("export", "verify", "--dig")).toEqual(["--digest"]);
    expect(await offered("export", "verify", "folder", "--jso")).toEqual(["--json"]);
    expect(await offered("export", "verify", "")).toEqual([]);
  });
});

describe.each(["zsh", "fish"])("completion in %s", (shell) => {
  const isThere = spawnSync(shell, ["--version"]).status === 0;
  (isThere ? it : it.skip)(
    `is a script that ${shell} reads${isThere ? "" : ` (skipped: no ${shell} here)`}`,
    async () => {
      const { stdout: script } = await runWords(["completion", shell]);
      expect(spawnSync(shell, ["-n"], { input: script, encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    },
  );

  it("names every command and option that bash is told", async () => {
    const { stdout: script } = await runWords(["completion", shell]);
    for (const word of ["redrive", "verify", "digest", "json", "serve"]) expect(script).toContain(word);
  });
});

describe("the manual page", () => {
  const GROFF = ["-man", "-ww", "-z", "-Tutf8"];
  const isThere = spawnSync("groff", ["--version"]).status === 0;

  it("has every command and option, and no line that roff takes for another macro", async () => {
    const { stdout: page } = await runWords(["man"]);
    for (const { path, options = [] } of loadAllCommands()) {
      expect(page).toContain(`.SS "${path.join(" ").replaceAll("-", "\\-")}`);
      for (const option of options) expect(page).toContain(flagOf(option).replaceAll("-", "\\-"));
    }
    const macros = page.split("\n").flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
    expect([...new Set(macros)].sort()).toEqual([
      "B",
      "I",
      "PP",
      "RE",
      "RS",
      "SH",
      "SS",
      "TH",
      "TP",
      "fi",
      "nf",
    ]);
  });

  (isThere ? it : it.skip)(
    `is read by groff without a warning${isThere ? "" : " (skipped: no groff here)"}`,
    async () => {
      const { stdout: page } = await runWords(["man"]);
      expect(spawnSync("groff", GROFF, { input: page, encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    },
  );
});

it("every command has a schema of what --json prints, and there is no other", () => {
  const names = COMMAND_HEADS.map(({ path }) => `${path.join("-")}.schema.json`);
  expect(readdirSync(join(__dirname, "..", "schema")).sort()).toEqual([...names, "error.schema.json"].sort());
});

it("a document that is not as its schema says is found", () => {
  const check = (document: object) => () => {
    checkDocument(["ledger", "query", "cars", "--json"], JSON.stringify(document));
  };
  expect(check({ ledger: "cars", rows: [], more: 1 })).not.toThrow();
  expect(check({ ledger: 1 })).toThrow(/required property 'rows'.*\/ledger must be string/);
  expect(check({ error: { code: "USAGE" } })).toThrow("required property 'message'");
});

it.each(["completion bash", "man"])("%s prints its document", async (line) => {
  expect(await runWords([...line.split(" "), "--json"])).toMatchObject({ exitCode: 0, stderr: "" });
});

it("refuses a shell that it does not know", async () => {
  const { exitCode, stderr } = await runWords(["completion", "tcsh"]);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining("expected bash, zsh, fish as the shell, found tcsh"),
  ]);
});
