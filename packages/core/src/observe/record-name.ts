// SPDX-License-Identifier: MIT
import { createHmac } from "node:crypto";
import { recordKey, type RevisionEvent } from "../event/event";

/** The forms in which log lines show the id of a record. */
export const LOG_IDS = ["plain", "hash"] as const;

/** One of {@link LOG_IDS}. */
export type LogIds = (typeof LOG_IDS)[number];

/** The id of an event's record as log lines show it; `undefined` for an event without id. */
export type RecordNaming = (event: Pick<RevisionEvent, "table" | "id">) => string | undefined;

/** Longer ids are cut: a log line names a record, it does not store it. */
const LENGTH_MAX = 100;
/** 72 bits: two records of one ledger do not get the same form by chance. */
const HASH_LENGTH = 12;

/**
 * Makes the form in which log lines show ids: as they are, or as a short hash, which is the same for the same record.
 *
 * @param key - the secret of the hashes. Without one, a hash is the beginning of `recordKey`, and can be checked by guessing ids.
 */
export function recordNaming(form: LogIds, key?: string): RecordNaming {
  if (form === "plain") return plainId;
  return (event) => {
    const hash = key === undefined ? recordKey(event) : keyedHash(event, key);
    return hash && `#${hash.slice(0, HASH_LENGTH)}`;
  };
}

/** An id as people write it: `recordId.key` is its type and its text. */
function plainId({ id }: Pick<RevisionEvent, "id">): string | undefined {
  const text = id?.key.slice(id.key.indexOf(":") + 1);
  return text === undefined || text.length <= LENGTH_MAX ? text : `${text.slice(0, LENGTH_MAX)}…`;
}

function keyedHash({ table, id }: Pick<RevisionEvent, "table" | "id">, key: string): string | undefined {
  return id && createHmac("sha256", key).update(`${table}\n${id.key}`).digest("base64url");
}
