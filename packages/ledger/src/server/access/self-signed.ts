// SPDX-License-Identifier: MIT
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP, isIPv6 } from "node:net";
import { der, objectIdentifier, utcTime } from "./der";
import type { TlsIdentity } from "./tls";

const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 90;

/** ECDSA with SHA-256 (RFC 5758). */
const SIGNATURE_ALGORITHM = der("sequence", objectIdentifier("1.2.840.10045.4.3.2"));

/**
 * Makes a private key and a certificate that vouches for itself (RFC 5280), for trying a server with TLS. Clients trust it only
 * if they are told to. Valid for 90 days.
 *
 * @param hosts - names and addresses by which clients reach the server
 * @param now - milliseconds since 1970
 */
export function makeSelfSigned(hosts: readonly string[], now: number): TlsIdentity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = der(
    "sequence",
    der(
      "set",
      der("sequence", objectIdentifier("2.5.4.3"), der("utf8String", "ledger-loader (self-signed)")),
    ),
  );
  const content = der(
    "sequence",
    der(0xa0, der("integer", Buffer.from([2]))), // version 3
    der("integer", Buffer.from([1]), randomBytes(15)), // positive, and never the same twice
    SIGNATURE_ALGORITHM,
    name,
    der("sequence", utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + LIFETIME_DAYS * DAY_MS))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der("sequence", certificateAuthority(), alternativeNames(hosts))),
  );
  const signature = sign("sha256", content, privateKey);
  const certificate = der(
    "sequence",
    content,
    SIGNATURE_ALGORITHM,
    der("bitString", Buffer.from([0]), signature),
  );
  return {
    cert: toPem("CERTIFICATE", certificate),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Some clients take only authorities as what they trust. */
function certificateAuthority(): Buffer {
  const isAuthority = der("sequence", der("boolean", Buffer.from([0xff])));
  return der(
    "sequence",
    objectIdentifier("2.5.29.19"),
    der("boolean", Buffer.from([0xff])),
    der("octetString", isAuthority),
  );
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => (isIP(host) === 0 ? der(0x82, host) : der(0x87, addressBytes(host))));
  return der("sequence", objectIdentifier("2.5.29.17"), der("octetString", der("sequence", ...names)));
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split(".").map(Number));
  // A URL spells every address in one way, without IPv4 at its end.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = [head, tail ?? ""].map((part) => part.split(":").filter((group) => group !== ""));
  const [before = [], after = []] = groups;
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join(""), "hex");
}

function toPem(label: string, content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
