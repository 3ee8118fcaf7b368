// SPDX-License-Identifier: MIT
import type { Connection } from "./connection";

/** The headers of a signed GET request, for what the AWS SDK has no command. */
export async function signedHeaders(
  { region, credentials }: Connection,
  url: URL,
): Promise<Record<string, string>> {
  const [sdk, { SignatureV4 }] = await Promise.all([
    import("@aws-sdk/client-qldb"),
    import("@smithy/signature-v4"),
  ]);
  const client = new sdk.QLDBClient({ region, ...(credentials === undefined ? {} : { credentials }) });
  try {
    const signer = new SignatureV4({
      region,
      service: "qldb",
      credentials: client.config.credentials,
      sha256: client.config.sha256,
    });
    const { headers } = await signer.sign({
      method: "GET",
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    });
    // `fetch` sends the same host itself, and refuses to be told.
    const { host: _sentAnyway, ...others } = headers;
    return others;
  } finally {
    client.destroy();
  }
}
