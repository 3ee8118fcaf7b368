// SPDX-License-Identifier: MIT

/** The server refused a request, or did not answer it. */
export class ServerError extends Error {
  /** The name of the error in the API of QLDB, such as `BadRequestException`. */
  override readonly name: string;
  /** The HTTP status, or 0 without an answer. */
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }

  /** True if the server asks for an access key, or refuses the one that signed the request. */
  get asksForKey(): boolean {
    return KEY_ERRORS.includes(this.name);
  }
}

const KEY_ERRORS = [
  "MissingAuthenticationTokenException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "IncompleteSignatureException",
];

/** The line and column that the message of an error about a statement ends with. */
export function placeOf(message: string): { readonly line: number; readonly column: number } | undefined {
  const [, line, column] = /\(line (\d+), column (\d+)\)/.exec(message) ?? [];
  return line === undefined || column === undefined
    ? undefined
    : { line: Number(line), column: Number(column) };
}
