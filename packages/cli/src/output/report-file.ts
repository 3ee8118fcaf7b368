// SPDX-License-Identifier: MIT
import type { KeyObject } from "node:crypto";
import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import type { Certificate, CertificateSubject } from "@ledger-loader/move";
import { FileError, UsageError } from "../cli-errors";
import { readNamedFile, writeNamedFile } from "../files";
import type { OptionSpec } from "../options/command-spec";
import { PROGRAM, VERSION } from "../program-name";

/** Where a report goes, and what signs it. */
export interface ReportOptions {
  readonly report?: string;
  readonly signKey?: string;
}

/** Declares {@link ReportOptions}. */
export const REPORT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--report <file>",
    description:
      "write a certificate: the page FILE.html and, next to it, FILE.json. Other names get the JSON that --json prints",
  },
  {
    flags: "--sign-key <file>",
    description: "sign the certificate with this private Ed25519 key in PEM",
  },
];

const PAGE = /\.html?$/i;

/** The report that a command writes at its end. Made at the beginning, so that a wrong key or folder is found then. */
export class ReportFile {
  readonly path: string;
  readonly #signKey: KeyObject | undefined;

  private constructor(path: string, signKey: KeyObject | undefined) {
    this.path = path;
    this.#signKey = signKey;
  }

  /** `undefined` if no report is asked for. Throws {@link UsageError} and {@link FileError}. */
  static async prepare({ report, signKey }: ReportOptions): Promise<ReportFile | undefined> {
    if (signKey !== undefined && (report === undefined || !PAGE.test(report))) {
      throw new UsageError("expected --report FILE.html beside --sign-key: only a certificate is signed");
    }
    if (report === undefined) return undefined;
    await requireFolder(report);
    return new ReportFile(report, signKey === undefined ? undefined : await readSignKey(signKey));
  }

  /** True if the report is a certificate. */
  get isCertificate(): boolean {
    return PAGE.test(this.path);
  }

  /** The JSON file beside the page. */
  get jsonPath(): string {
    return this.path.replace(PAGE, ".json");
  }

  /** Writes page and JSON, and returns the certificate. */
  async writeCertificate(subject: Omit<CertificateSubject, "tool">): Promise<Certificate> {
    const { certificatePage, createCertificate } = await import("@ledger-loader/move");
    const tool = { name: PROGRAM, version: VERSION };
    const certificate = createCertificate({ ...subject, tool }, this.#signKey);
    await writeNamedFile(this.jsonPath, "the certificate", `${JSON.stringify(certificate, null, 2)}\n`);
    await writeNamedFile(this.path, "the certificate", certificatePage(certificate));
    return certificate;
  }

  /** Writes the document that `--json` prints. */
  async writeDocument(document: unknown): Promise<void> {
    await writeNamedFile(this.path, "the report", `${JSON.stringify(document, null, 2)}\n`);
  }

  /** The line that names what was written. */
  get line(): string {
    return this.isCertificate ? `certificate: ${this.path}, ${this.jsonPath}` : `report: ${this.path}`;
  }
}

async function readSignKey(path: string): Promise<KeyObject> {
  const { parseSignKey } = await import("@ledger-loader/move");
  return parseSignKey(Buffer.from(await readNamedFile(path, "a private key")).toString("utf8"), path);
}

async function requireFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new FileError(
      path,
      `expected a folder that can be written to at ${dirname(path)} for --report, found none: create it first`,
      { cause },
    );
  }
}
