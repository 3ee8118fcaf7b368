// SPDX-License-Identifier: MIT
import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { makeSelfSigned } from "./self-signed";

const now = Date.parse("2026-07-31T12:00:00Z");
const hosts = ["localhost", "127.0.0.1", "::1", "2001:db8::8:800:200c:417a", "fe80::", "ledger.example"];
const long = Array.from({ length: 40 }, (_, n) => `host-${n}.ledger.example`);

describe(makeSelfSigned, () => {
  it.each([[hosts], [long]])("makes a certificate for all names and addresses: %j", (names) => {
    const { cert, key } = makeSelfSigned(names, now);
    const certificate = new X509Certificate(cert);
    for (const name of names) {
      expect(certificate.checkHost(name) ?? certificate.checkIP(name)).toBe(name);
    }
    expect(certificate.checkHost("other.example")).toBeUndefined();
    expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.ca).toBe(true);
  });

  it("makes one that is valid from the day before for 90 days, and never the same twice", () => {
    const [one, two] = [makeSelfSigned(hosts, now), makeSelfSigned(hosts, now)].map(
      ({ cert }) => new X509Certificate(cert),
    );
    expect(Date.parse(one?.validFrom ?? "")).toBe(Date.parse("2026-07-30T12:00:00Z"));
    expect(Date.parse(one?.validTo ?? "")).toBe(Date.parse("2026-10-29T12:00:00Z"));
    expect(one?.serialNumber).not.toBe(two?.serialNumber);
    expect(one?.fingerprint256).not.toBe(two?.fingerprint256);
  });
});
