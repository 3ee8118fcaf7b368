// SPDX-License-Identifier: MIT

/** Why no answer of the expected kind came. */
export interface NetworkFailure {
  /** The text behind "found". */
  readonly found: string;
  /** One sentence that says how to mend it, where the failure tells. */
  readonly fix?: string;
}

const REFUSED: NetworkFailure = { found: "nothing that listens there" };
const NO_HOST: NetworkFailure = { found: "no host of that name" };
const NO_WAY: NetworkFailure = { found: "no way to that host" };
const LATE: NetworkFailure = { found: "no answer in time" };
const CLOSED: NetworkFailure = {
  found: "a connection that was closed without an answer",
  fix: "If the server speaks TLS, begin its URL with https://.",
};
const NO_TLS: NetworkFailure = {
  found: "a server that speaks no TLS",
  fix: "Begin its URL with http://.",
};
const TLS_REFUSED: NetworkFailure = { found: "a TLS handshake that failed" };
const UNTRUSTED: NetworkFailure = {
  found: "a TLS certificate that is not trusted here",
  fix: "To trust it, name a file with its issuer's certificate in NODE_EXTRA_CA_CERTS.",
};
const OUTDATED: NetworkFailure = { found: "a TLS certificate that is not valid today" };
const OTHER_HOST: NetworkFailure = {
  found: "the TLS certificate of another host",
  fix: "Use the host name that the certificate is for.",
};
const NO_HTTP: NetworkFailure = { found: "a server that does not speak HTTP" };

/** Codes of Node.js's net, tls, dns and http modules, and of its fetch. */
const FAILURES: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: REFUSED,
  ENOTFOUND: NO_HOST,
  EAI_AGAIN: NO_HOST,
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  EADDRNOTAVAIL: NO_WAY,
  ECONNRESET: CLOSED,
  ECONNABORTED: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ETIMEDOUT: LATE,
  TimeoutError: LATE,
  UND_ERR_CONNECT_TIMEOUT: LATE,
  UND_ERR_HEADERS_TIMEOUT: LATE,
  UND_ERR_BODY_TIMEOUT: LATE,
  EPROTO: TLS_REFUSED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: OUTDATED,
  CERT_NOT_YET_VALID: OUTDATED,
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_HOST,
  HOSTNAME_MISMATCH: OTHER_HOST,
};

/** Why a request failed, if the network, TLS or a server of another kind is the reason; `undefined` for all other errors. */
export function networkFailure(error: unknown): NetworkFailure | undefined {
  for (let at = error; isObject(at); at = at["cause"]) {
    const failure = foreignAnswer(at) ?? codedFailure(at);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** The failure as one text: what was found, and how to mend it. */
export function failureText({ found, fix }: NetworkFailure): string {
  return fix === undefined ? `${found}.` : `${found}. ${fix}`;
}

type Fields = Readonly<Record<string, unknown>>;

function codedFailure({ code, name, message }: Fields): NetworkFailure | undefined {
  const texts = [code, name, message].filter((text) => typeof text === "string");
  for (const text of texts) {
    if (/wrong version number|packet length too long|record layer failure/.test(text)) return NO_TLS;
  }
  for (const text of texts) {
    if (text.startsWith("HPE_")) return NO_HTTP;
    if (text.startsWith("ERR_SSL_")) return TLS_REFUSED;
    // The SDK wraps some of these and keeps only the message.
    for (const word of text.match(/\b[A-Za-z_]{5,}\b/g) ?? []) {
      if (Object.hasOwn(FAILURES, word)) return FAILURES[word];
    }
  }
  return undefined;
}

/** An answer that the AWS SDK could not read, or that names no error: the service does not answer so. */
function foreignAnswer({ name, message, $response: response }: Fields): NetworkFailure | undefined {
  if (!isObject(response) || typeof name !== "string" || typeof message !== "string") return undefined;
  const isUnread = message.includes("Deserialization error");
  return isUnread || /^(?:Unknown|UnknownError|\d{3})$/.test(name) ? foreignResponse(response) : undefined;
}

/** The failure where another kind of server answers. */
export function foreignResponse({ statusCode, headers }: Fields): NetworkFailure {
  const type = isObject(headers) ? headers["content-type"] : undefined;
  const parts = [typeof statusCode === "number" ? `status ${statusCode}` : undefined, type].filter(
    (part) => typeof part === "string",
  );
  const told = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  return { found: `the answer of another kind of server${told}` };
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
