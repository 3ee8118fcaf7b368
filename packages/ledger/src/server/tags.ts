// SPDX-License-Identifier: MIT
import type { EmbeddedLedger } from "../embedded-ledger";
import type { LedgerStore } from "../ledger-store";
import type { Tags } from "../storage/storage";
import type { JournalStreams } from "../streams/journal-streams";
import { refuseTags } from "../tags";
import { AwsError, invalidParameter } from "./aws-error";
import { type JsonObject, readObject } from "./json";

type Answer = Record<string, unknown>;

/** A ledger, table or stream that can have tags. */
interface TaggedResource {
  readonly ledger: EmbeddedLedger;
  /** Its name in the ledger's storage. */
  readonly name: string;
}

/** Reads the member `Tags`; an absent one is no tags. Throws `InvalidParameterException` for what cannot be tags. */
export function readTags(body: JsonObject): Tags {
  const tags = (body["Tags"] ?? undefined) === undefined ? {} : readObject(body, "Tags");
  const refusal = Object.values(tags).every((value) => typeof value === "string")
    ? refuseTags(tags as Tags)
    : "Expected strings as values of tags, found others.";
  if (refusal !== undefined) throw invalidParameter("Tags", refusal);
  return tags as Tags;
}

/** The operations of QLDB's control plane on tags; members follow `@aws-sdk/client-qldb`. */
export class TagsApi {
  readonly #store: LedgerStore;
  readonly #streams: JournalStreams;

  constructor(store: LedgerStore, streams: JournalStreams) {
    this.#store = store;
    this.#streams = streams;
  }

  /** `ListTagsForResource` */
  async list(arn: string): Promise<Answer> {
    const { ledger, name } = await this.#find(arn);
    return { Tags: await ledger.readTags(name) };
  }

  /** `TagResource` */
  async tag(arn: string, body: JsonObject): Promise<Answer> {
    if ((body["Tags"] ?? undefined) === undefined)
      throw invalidParameter("Tags", "Expected tags, found none.");
    const { ledger, name } = await this.#find(arn);
    const Tags = { ...(await ledger.readTags(name)), ...readTags(body) };
    await ledger.writeTags(name, readTags({ Tags }));
    return {};
  }

  /** `UntagResource` */
  async untag(arn: string, query: URLSearchParams): Promise<Answer> {
    const { ledger, name } = await this.#find(arn);
    const removed = query.getAll("tagKeys");
    const kept = Object.entries(await ledger.readTags(name)).filter(([key]) => !removed.includes(key));
    await ledger.writeTags(name, Object.fromEntries(kept));
    return {};
  }

  /** Region and account of the ARN are not looked at: clients of QLDB bring their own. */
  async #find(arn: string): Promise<TaggedResource> {
    const path = /^arn:aws[a-z-]*:qldb:[^:]*:[^:]*:(.+)$/.exec(arn)?.[1]?.split("/") ?? [];
    const [kind, ledgerName = "", third, fourth, ...rest] = path;
    const isLedger =
      kind === "ledger" && (third === undefined || (third === "table" && fourth !== undefined));
    const isStream = kind === "stream" && third !== undefined && fourth === undefined;
    if ((!isLedger && !isStream) || rest.length > 0) {
      throw invalidParameter(
        "ResourceArn",
        "Expected the ARN of a ledger, table or stream, found another text.",
      );
    }
    const ledger = await this.#store.open(ledgerName);
    if (isStream) return this.#requireFound(ledger, "stream", third);
    return fourth === undefined ? { ledger, name: "ledger" } : this.#requireFound(ledger, "table", fourth);
  }

  async #requireFound(ledger: EmbeddedLedger, kind: "table" | "stream", id: string): Promise<TaggedResource> {
    const isThere =
      kind === "table"
        ? await ledger.hasTable(id)
        : (await this.#streams.find(ledger.description.name, id)) !== undefined;
    if (isThere) return { ledger, name: `${kind}/${id}` };
    const message = `Expected a ${kind} of the ledger ${ledger.description.name}, found none of this id.`;
    throw new AwsError("ResourceNotFoundException", 404, message, { ResourceType: kind, ResourceName: id });
  }
}
