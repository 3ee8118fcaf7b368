// SPDX-License-Identifier: MIT
import { readFile, stat } from "node:fs/promises";
import { CredentialsFileError } from "./credentials-file-error";
import { CredentialsFormatError, parseCredentials } from "./parse-credentials";
import { createPolicy, type Policy } from "./policy";

/** An access key and what its owner may do. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  readonly policy: Policy;
}

/** The access keys of a file. The owner of the file must be the only one who can read it, apart from the owner's group. */
export class CredentialsFile {
  readonly #path: string;
  #keys: ReadonlyMap<string, AccessKey>;

  private constructor(path: string, keys: ReadonlyMap<string, AccessKey>) {
    this.#path = path;
    this.#keys = keys;
  }

  /** @throws CredentialsFileError if the file cannot be read, others can read it, or its content is not as expected. */
  static async open(path: string): Promise<CredentialsFile> {
    return new CredentialsFile(path, await readKeys(path));
  }

  find(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /**
   * Reads the file again. The keys stay as they were if this fails.
   *
   * @throws CredentialsFileError as `open`
   */
  async reload(): Promise<void> {
    this.#keys = await readKeys(this.#path);
  }
}

async function readKeys(path: string): Promise<ReadonlyMap<string, AccessKey>> {
  const json = await readPrivateFile(path);
  try {
    return new Map(
      parseCredentials(json).map(({ statements, ...key }) => [
        key.accessKeyId,
        { ...key, policy: createPolicy(statements) },
      ]),
    );
  } catch (error) {
    if (!(error instanceof CredentialsFormatError)) throw error;
    throw new CredentialsFileError(path, error.message);
  }
}

/** Others may read it, or the group may write it. Windows keeps rights elsewhere. */
const OPEN_MODE = process.platform === "win32" ? 0 : 0o027;

async function readPrivateFile(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if ((mode & OPEN_MODE) === 0) return await readFile(path, "utf8");
  } catch (error) {
    const { code = "an error" } = error as NodeJS.ErrnoException;
    throw new CredentialsFileError(
      path,
      `expected a file of access keys, found ${code}: check the path and the rights of this process`,
      error,
    );
  }
  throw new CredentialsFileError(
    path,
    `expected a file that only its owner can read, found that others can: run "chmod 600 ${path}"`,
  );
}
