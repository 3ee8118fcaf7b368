// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { type Digest, parseDigest } from "@ledger-loader/journal";
import { FileError } from "../cli-errors";
import { readNamedFile } from "../files";

/** Reads the digest that `--digest` names. Throws {@link FileError}, which names the file. */
export async function readSuppliedDigest(path: string | undefined): Promise<Digest | undefined> {
  if (path === undefined) return undefined;
  const content = await readNamedFile(path, "a digest");
  try {
    return parseDigest(content);
  } catch (cause) {
    if (!(cause instanceof LedgerLoaderError)) throw cause;
    throw new FileError(
      path,
      `expected a digest and the address of its tip in ${path}, as "aws qldb get-digest" or ` +
        '"ledger-loader ledger digest NAME" prints them, found neither JSON, YAML, text nor Ion with both',
      { cause },
    );
  }
}
