// SPDX-License-Identifier: MIT
import type { DatabaseChange } from "../database-change";

/** Notices when a database that has answered is lost, and when it answers again. */
export class DatabaseReach {
  readonly #place: string;
  readonly #onChange: ((change: DatabaseChange) => void) | undefined;
  #hasAnswered = false;
  #lostAt: number | undefined;

  /** @param place - the database for people, without password */
  constructor(place: string, onChange?: (change: DatabaseChange) => void) {
    this.#place = place;
    this.#onChange = onChange;
  }

  answered(): void {
    this.#hasAnswered = true;
    if (this.#lostAt === undefined) return;
    const awayMs = Math.round(performance.now() - this.#lostAt);
    this.#lostAt = undefined;
    this.#onChange?.({ kind: "database-back", place: this.#place, awayMs });
  }

  /** The server of the database cannot be reached. */
  lost(): void {
    if (!this.#hasAnswered || this.#lostAt !== undefined) return;
    this.#lostAt = performance.now();
    this.#onChange?.({ kind: "database-lost", place: this.#place });
  }
}
