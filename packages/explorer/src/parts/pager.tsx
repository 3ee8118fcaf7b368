// SPDX-License-Identifier: MIT
import type { JSX } from "preact";

/** Goes through pages, counted from 0. */
export function Pager({
  page,
  pages,
  label,
  onPage,
}: {
  readonly page: number;
  /** `undefined` if the number of pages is unknown. */
  readonly pages: number | undefined;
  /** What the page shows: `Documents 101 to 150 of 1,000`. */
  readonly label: string;
  readonly onPage: (page: number) => void;
}): JSX.Element {
  const last = pages === undefined ? undefined : Math.max(0, pages - 1);
  const isLast = last !== undefined && page >= last;
  const go = (to: number, text: string, name: string, isOff: boolean): JSX.Element => (
    <button
      type="button"
      aria-label={name}
      disabled={isOff}
      onClick={() => {
        onPage(to);
      }}
    >
      {text}
    </button>
  );
  return (
    <nav class="pager" aria-label="Pages">
      {go(0, "«", "First page", page === 0)}
      {go(page - 1, "‹", "Page before", page === 0)}
      <span aria-live="polite">{label}</span>
      {go(page + 1, "›", "Next page", isLast)}
      {go(last ?? page, "»", "Last page", last === undefined || isLast)}
    </nav>
  );
}
