// SPDX-License-Identifier: MIT
import type { JSX, TargetedInputEvent } from "preact";

/** A line of text with its label. */
export function Field({
  label,
  value,
  onValue,
  type = "text",
  placeholder = "",
  isCode = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: "text" | "password";
  readonly placeholder?: string;
  readonly isCode?: boolean;
}): JSX.Element {
  const attributes = {
    class: isCode ? "code" : "",
    value,
    placeholder,
    spellcheck: false,
    autocomplete: "off",
    onInput: (event: TargetedInputEvent<HTMLInputElement>): void => {
      onValue(event.currentTarget.value);
    },
  } as const;
  return (
    <label class="field">
      <span>{label}</span>
      {type === "password" ? (
        <input type="password" {...attributes} />
      ) : (
        <input type="text" {...attributes} />
      )}
    </label>
  );
}
