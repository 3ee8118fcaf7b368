// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { CredentialsFormatError, parseCredentials } from "./parse-credentials";

const secret = "a-secret-of-a-test";
const statement = { Effect: "Allow", Action: "qldb:*", Resource: "*" };
const key = { AccessKeyId: "AKIAEXAMPLE", SecretAccessKey: secret, Statement: [statement] };

describe(parseCredentials, () => {
  it("reads keys with the statements of IAM policies", () => {
    const Statement = [
      {
        Sid: "All",
        Effect: "Allow",
        Action: ["qldb:SendCommand", "qldb:PartiQL*"],
        Resource: "arn:aws:qldb:*:*:ledger/cars",
      },
      { Effect: "Deny", Action: "*", Resource: ["*"] },
    ];
    const json = JSON.stringify({
      Keys: [key, { ...key, AccessKeyId: "OTHER", UserName: "loader", Statement }],
    });
    expect(parseCredentials(json)).toEqual([
      {
        accessKeyId: "AKIAEXAMPLE",
        secretAccessKey: secret,
        userName: "AKIAEXAMPLE",
        statements: [{ effect: "Allow", actions: ["qldb:*"], resources: ["*"] }],
      },
      {
        accessKeyId: "OTHER",
        secretAccessKey: secret,
        userName: "loader",
        statements: [
          {
            effect: "Allow",
            actions: ["qldb:SendCommand", "qldb:PartiQL*"],
            resources: ["arn:aws:qldb:*:*:ledger/cars"],
          },
          { effect: "Deny", actions: ["*"], resources: ["*"] },
        ],
      },
    ]);
  });

  const withStatement = (changes: object) => ({
    Keys: [{ ...key, Statement: [{ ...statement, ...changes }] }],
  });

  it.each<[file: unknown, where: RegExp]>([
    ["{ Keys: ", /expected JSON/],
    [[], /expected the file to be an object with Keys/],
    [{}, /expected Keys to be a list/],
    [{ Keys: [key, key] }, /AKIAEXAMPLE twice/],
    [{ Keys: [{ ...key, AccessKeyId: "a b" }] }, /Keys\[0\]\.AccessKeyId/],
    [{ Keys: [{ ...key, SecretAccessKey: "short" }] }, /Keys\[0\]\.SecretAccessKey/],
    [{ Keys: [{ ...key, Statement: undefined }] }, /Keys\[0\]\.Statement to be a list/],
    [{ Keys: [key, { ...key, AccessKeyId: "OTHER", Password: "x" }] }, /Keys\[1\], found "Password"/],
    [withStatement({ Effect: "allow" }), /Statement\[0\]\.Effect/],
    [withStatement({ Action: "SendCommand" }), /Statement\[0\]\.Action .* "qldb:SendCommand"/],
    [withStatement({ Action: undefined }), /Statement\[0\]\.Action/],
    [withStatement({ Resource: "ledger/cars" }), /Statement\[0\]\.Resource/],
    [withStatement({ Condition: {} }), /found "Condition": this server does not support it/],
    [withStatement({ NotAction: "qldb:*" }), /found "NotAction"/],
  ])("refuses %j and says where", (file, where) => {
    const json = typeof file === "string" ? file : JSON.stringify(file);
    expect(() => parseCredentials(json)).toThrow(CredentialsFormatError);
    expect(() => parseCredentials(json)).toThrow(where);
  });

  it.each([`{"Keys": [{"SecretAccessKey": "${secret}" `, `{"Keys": "${secret}"}`])(
    "never quotes a secret: %s",
    (json) => {
      expect(() => parseCredentials(json)).toThrow(/^(?!.*a-secret)/);
    },
  );
});
