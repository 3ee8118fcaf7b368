// SPDX-License-Identifier: MIT
import type { DeadLetter } from "./dead-letter";

/** A letter that was taken out of its box to be seen to. */
export interface TakenLetter {
  /** Where it is in the box, for people: `line 3`, a message's id. Unique among those taken. */
  readonly place: string;
  /** The letter; absent where what was found is none. */
  readonly letter?: DeadLetter;
  /** Why there is no letter. */
  readonly problem?: string;
}

/** The next step for a letter that was taken. */
export interface SettledLetter {
  readonly taken: TakenLetter;
  /** The letter that stays in its stead, with what is known of it now; absent: it is done with. */
  readonly keep?: DeadLetter;
}

/** The letters that were taken. */
export interface TakenLetters {
  readonly letters: readonly TakenLetter[];
  /** True if that was all; otherwise there may be more to take once these are settled. */
  readonly complete: boolean;
}

/** Where a dead-letter sink has put its letters, for the one who takes them out again. */
export interface LetterBox {
  /**
   * Takes letters; whoever parks meanwhile is not disturbed.
   *
   * @param readOnly only looks at them: all stay where they are.
   */
  take(readOnly: boolean): Promise<TakenLetters>;
  /**
   * Puts back what is to stay and only then removes the rest. Letters that were taken and are not named stay as they were.
   * After a crash before its end, letters MAY be there twice, but none is lost.
   */
  settle(letters: readonly SettledLetter[]): Promise<void>;
}
