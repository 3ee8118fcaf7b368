// SPDX-License-Identifier: MIT

/** Takes an option and its value out of the words of a command line; `undefined` if it is not among them. */
export function takeOption(words, name) {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words.splice(at, 2)[1];
}

/** Takes an option without a value out of the words; true if it was among them. */
export function takeFlag(words, name) {
  const at = words.indexOf(name);
  if (at >= 0) words.splice(at, 1);
  return at >= 0;
}
