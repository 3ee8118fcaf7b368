// SPDX-License-Identifier: MIT
import { CredentialsFileError } from "./credentials-file-error";
import { CredentialsFormatError, parseCredentials } from "./parse-credentials";
import { createPolicy, type Policy } from "./policy";
import { readPrivateFile } from "./private-file";

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
  const json = await readPrivateFile(
    path,
    "a file of access keys",
    (problem, cause) => new CredentialsFileError(path, problem, cause),
  );
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
