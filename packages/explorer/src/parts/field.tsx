// SPDX-License-Identifier: MIT
import type { JSX } from "preact";

/** A line of text with its label. */
export function Field({
  label,
  value,
  onValue,
  type = "text",
  placeholder,
  isCode = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: "text" | "password" | "number";
  readonly placeholder?: string;
  readonly isCode?: boolean;
}): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class={isCode ? "code" : ""}
        // The type of the element's attributes is a union by this one's value.
        type={type as "text"}
        value={value}
        placeholder={placeholder ?? ""}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => {
          onValue(event.currentTarget.value);
        }}
      />
    </label>
  );
}
