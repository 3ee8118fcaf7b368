// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { generateAuthTokenFromCredentialsProvider } from "aws-msk-iam-sasl-signer-js";
import { createIamToken } from "./iam-token";

/** The content of a token, apart from its maker. */
function fieldsOf(token: string): Record<string, string> {
  const url = new URL(Buffer.from(token, "base64url").toString());
  const { "User-Agent": _, ...fields } = Object.fromEntries(url.searchParams);
  return { host: url.host, path: url.pathname, ...fields };
}

function signedAtOf(token: string): Date {
  const [, ...parts] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(fieldsOf(token)["X-Amz-Date"] ?? "") ?? [];
  const [year = "", month = "", day = "", hour = "", minute = "", second = ""] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

it.each([
  ["keys of a user", { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret/+=" }, "eu-west-1"],
  [
    "keys of a role",
    { accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "to/ken+=!*'()" },
    "us-east-2",
  ],
])("A token made with %s is the one that AWS's own package makes", async (_, keys, region) => {
  const credentials = () => Promise.resolve(keys);
  const { token } = await generateAuthTokenFromCredentialsProvider({
    region,
    awsCredentialsProvider: credentials,
  });
  const ours = await createIamToken({ region, credentials, signedAt: signedAtOf(token) });
  expect(fieldsOf(ours)).toEqual(fieldsOf(token));
  expect(fieldsOf(ours)["X-Amz-Signature"]).toMatch(/^[0-9a-f]{64}$/);
});

it("A token ends with the credentials that signed it", async () => {
  const signedAt = new Date("2026-01-01T00:00:00Z");
  const expiration = new Date("2026-01-01T00:05:00.900Z");
  const credentials = () => Promise.resolve({ accessKeyId: "a", secretAccessKey: "b", expiration });
  const token = await createIamToken({ region: "eu-west-1", credentials, signedAt });
  expect(fieldsOf(token)["X-Amz-Expires"]).toBe("300");
});
