// SPDX-License-Identifier: MIT
import { sendForJson } from "./server";

/** The server's settings for the page, before anyone signs in. */
export interface PageSettings {
  /** `write`: statements that change documents are committed. */
  readonly mode: "read" | "write";
  /** True if each request must be signed with an access key. */
  readonly needsKey: boolean;
}

/** @throws ServerError */
export async function readPageSettings(): Promise<PageSettings> {
  const { mode, needsKey } = await sendForJson({ method: "GET", path: "/explorer/settings" });
  return { mode: mode === "write" ? "write" : "read", needsKey: needsKey === true };
}
