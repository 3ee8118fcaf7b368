// SPDX-License-Identifier: MIT

/** One spelling per host: no brackets, no dot at the end, IPv4 not wrapped in IPv6. */
export function toHostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .replace(/^::ffff:(?=\d+\.)/, "");
}

/** True for a name or an address of the loopback interface (RFC 6890): localhost, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  const name = toHostName(host);
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}
