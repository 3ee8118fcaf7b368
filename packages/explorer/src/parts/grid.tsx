// SPDX-License-Identifier: MIT
import type { ComponentChildren, JSX } from "preact";

/** A table with a caption for screen readers. It scrolls sideways where it is too wide. */
export function Grid({
  caption,
  columns,
  children,
}: {
  readonly caption: string;
  readonly columns: readonly ComponentChildren[];
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="grid" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={at} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
