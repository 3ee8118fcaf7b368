// SPDX-License-Identifier: MIT
import { KAFKA_ERROR } from "./kafka-wire";

/** A member's request when it joins. */
export interface JoinRequest {
  /** Empty for a new member. */
  readonly memberId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

/** The answer once every member has joined. Only the leader learns of the others. */
export interface JoinAnswer {
  readonly error: number;
  readonly generation: number;
  readonly protocol: string;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[];
}

interface SyncAnswer {
  readonly error: number;
  readonly assignment: Buffer;
}

interface Member {
  readonly id: string;
  request: JoinRequest;
  assignment: Buffer;
  session: NodeJS.Timeout | undefined;
  joined: ((answer: JoinAnswer) => void) | undefined;
  synced: ((answer: SyncAnswer) => void) | undefined;
}

const NOTHING = Buffer.alloc(0);
const STATE_NAMES = {
  empty: "Empty",
  joining: "PreparingRebalance",
  syncing: "CompletingRebalance",
  stable: "Stable",
} as const;

/**
 * A consumer group under the classic protocol: members join, the leader assigns, heartbeats keep members in, and a new
 * generation fences the members of the old one off.
 */
export class KafkaGroup {
  readonly #members = new Map<string, Member>();
  readonly #offsets = new Map<string, number>();
  #state: "empty" | "joining" | "syncing" | "stable" = "empty";
  #generation = 0;
  #leaderId = "";
  #deadline: NodeJS.Timeout | undefined;
  /** Who was told of this generation and has not asked for its assignment. */
  #unsynced = new Set<string>();
  #memberCount = 0;

  join(request: JoinRequest): Promise<JoinAnswer> {
    const id = request.memberId === "" ? `member-${++this.#memberCount}` : request.memberId;
    const known = this.#members.get(id);
    if (known === undefined && request.memberId !== "") {
      return Promise.resolve(refusal(KAFKA_ERROR.unknownMember, id));
    }
    const member = known ?? newMember(id, request);
    member.request = request;
    this.#members.set(id, member);
    return new Promise((resolve) => {
      member.joined = resolve;
      clearTimeout(member.session);
      this.#rebalance();
    });
  }

  /** The leader brings everybody's assignment; the others wait for it. */
  sync(memberId: string, generation: number, assignments: ReadonlyMap<string, Buffer>): Promise<SyncAnswer> {
    const error = this.#errorOf(memberId, generation);
    if (error !== KAFKA_ERROR.none) return Promise.resolve({ error, assignment: NOTHING });
    const member = this.#member(memberId);
    this.#unsynced.delete(memberId);
    if (this.#state === "stable") return Promise.resolve({ error, assignment: member.assignment });
    return new Promise((resolve) => {
      member.synced = resolve;
      if (memberId !== this.#leaderId) return;
      this.#state = "stable";
      for (const each of this.#members.values()) {
        each.assignment = assignments.get(each.id) ?? NOTHING;
        each.synced?.({ error: KAFKA_ERROR.none, assignment: each.assignment });
        each.synced = undefined;
        this.#keepAlive(each);
      }
    });
  }

  heartbeat(memberId: string, generation: number): number {
    const error = this.#errorOf(memberId, generation);
    if (error === KAFKA_ERROR.none || error === KAFKA_ERROR.rebalanceInProgress) {
      this.#keepAlive(this.#member(memberId));
    }
    return error;
  }

  leave(memberId: string): number {
    if (!this.#members.has(memberId)) return KAFKA_ERROR.unknownMember;
    this.#remove(memberId);
    return KAFKA_ERROR.none;
  }

  /** Offsets may be committed from outside (generation -1) only while the group has no members. */
  commit(memberId: string, generation: number, offsets: ReadonlyMap<string, number>): number {
    if (this.#members.size > 0 || generation >= 0) {
      const error = this.#errorOf(memberId, generation);
      // Members may still commit what they did while others are joining.
      const mayStillCommit = error === KAFKA_ERROR.rebalanceInProgress && this.#state === "joining";
      if (error !== KAFKA_ERROR.none && !mayStillCommit) return error;
      this.#keepAlive(this.#member(memberId));
    }
    for (const [partition, offset] of offsets) this.#offsets.set(partition, offset);
    return KAFKA_ERROR.none;
  }

  /** The committed offset of `topic/partition`, or -1. */
  offsetOf(partition: string): number {
    return this.#offsets.get(partition) ?? -1;
  }

  /** The group's state, under the name that the protocol gives it. */
  get state(): "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" {
    return STATE_NAMES[this.#state];
  }

  /** The members and what the leader assigned to them. */
  get members(): readonly { readonly id: string; readonly assignment: Buffer }[] {
    return [...this.#members.values()];
  }

  /** Forgets the members, as after a crash of the coordinator; the committed offsets stay. */
  dropMembers(): void {
    clearTimeout(this.#deadline);
    for (const member of this.#members.values()) clearTimeout(member.session);
    this.#members.clear();
    this.#state = "empty";
  }

  #rebalance(): void {
    if (this.#state !== "joining") {
      this.#state = "joining";
      for (const member of this.#members.values()) {
        member.synced?.({ error: KAFKA_ERROR.rebalanceInProgress, assignment: NOTHING });
        member.synced = undefined;
      }
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(
        () => {
          this.#dropAbsent();
        },
        patienceWith([...this.#members.values()]),
      );
    }
    this.#completeIfAllJoined();
  }

  #dropAbsent(): void {
    for (const member of [...this.#members.values()]) {
      if (member.joined === undefined) this.#forget(member);
    }
    this.#completeIfAllJoined();
  }

  /** A leader that lives but never assigns would keep all others waiting (KAFKA-12890). */
  #dropUnsynced(): void {
    const late = [...this.#members.values()].filter(({ id }) => this.#unsynced.has(id));
    if (late.length === 0) return;
    for (const member of late) this.#forget(member);
    this.#goOnWithout();
  }

  #completeIfAllJoined(): void {
    const members = [...this.#members.values()];
    if (this.#state !== "joining" || members.some((member) => member.joined === undefined)) return;
    clearTimeout(this.#deadline);
    const [first] = members;
    if (first === undefined) {
      this.#state = "empty";
      return;
    }
    this.#generation++;
    this.#state = "syncing";
    if (!this.#members.has(this.#leaderId)) this.#leaderId = first.id;
    this.#unsynced = new Set(this.#members.keys());
    this.#deadline = setTimeout(() => {
      this.#dropUnsynced();
    }, patienceWith(members));
    const protocol = commonProtocol(members);
    for (const member of members) {
      member.joined?.({
        error: protocol === undefined ? KAFKA_ERROR.inconsistentGroupProtocol : KAFKA_ERROR.none,
        generation: this.#generation,
        protocol: protocol ?? "",
        leaderId: this.#leaderId,
        memberId: member.id,
        members: member.id === this.#leaderId ? members.map((m) => metadataOf(m, protocol)) : [],
      });
      member.joined = undefined;
      this.#keepAlive(member);
    }
  }

  #errorOf(memberId: string, generation: number): number {
    if (!this.#members.has(memberId)) return KAFKA_ERROR.unknownMember;
    if (generation !== this.#generation) return KAFKA_ERROR.illegalGeneration;
    return this.#state === "joining" ? KAFKA_ERROR.rebalanceInProgress : KAFKA_ERROR.none;
  }

  #keepAlive(member: Member): void {
    clearTimeout(member.session);
    member.session = setTimeout(() => {
      // Who waits for the others to join, or for the leader, is no less alive for that.
      const isWaiting = member.joined !== undefined || member.synced !== undefined;
      if (!isWaiting) this.#remove(member.id);
    }, member.request.sessionTimeoutMs);
  }

  #remove(memberId: string): void {
    this.#forget(this.#member(memberId));
    this.#goOnWithout();
  }

  #goOnWithout(): void {
    if (this.#members.size === 0) this.#state = "empty";
    else this.#rebalance();
  }

  #forget(member: Member): void {
    clearTimeout(member.session);
    this.#members.delete(member.id);
  }

  #member(memberId: string): Member {
    const member = this.#members.get(memberId);
    if (member === undefined) throw new RangeError(`the group has no member ${memberId}`);
    return member;
  }
}

/** How long the slowest of them may take to join or to sync, in milliseconds. */
function patienceWith(members: readonly Member[]): number {
  return Math.max(...members.map(({ request }) => request.rebalanceTimeoutMs));
}

function newMember(id: string, request: JoinRequest): Member {
  return { id, request, assignment: NOTHING, session: undefined, joined: undefined, synced: undefined };
}

function refusal(error: number, memberId: string): JoinAnswer {
  return { error, generation: -1, protocol: "", leaderId: "", memberId, members: [] };
}

/** The first protocol of the first member that all members know. */
function commonProtocol([first, ...others]: readonly Member[]): string | undefined {
  return first?.request.protocols.find(({ name }) =>
    others.every((other) => other.request.protocols.some((protocol) => protocol.name === name)),
  )?.name;
}

function metadataOf(member: Member, protocol: string | undefined) {
  const found = member.request.protocols.find(({ name }) => name === protocol);
  return { memberId: member.id, metadata: found?.metadata ?? NOTHING };
}
