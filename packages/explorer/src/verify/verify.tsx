// SPDX-License-Identifier: MIT
import { parseDigest } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../parts/problem";
import { useAction } from "../parts/use-action";
import { VerificationReport } from "./verification-report";
import { type PageVerification, type VerifySubject, verifyInPage } from "./verify-in-page";

/** Verifies a block or revision in the browser, against the digest of the server or one from outside. */
export function Verify({
  title,
  subject,
}: {
  readonly title: string;
  readonly subject: VerifySubject;
}): JSX.Element {
  const [isSaved, setIsSaved] = useState(false);
  const [text, setText] = useState("");
  const [found, setFound] = useState<PageVerification>();
  const action = useAction();
  const verify = (event: Event): void => {
    event.preventDefault();
    setFound(undefined);
    action.run(async () => {
      setFound(await verifyInPage(subject, isSaved ? parseDigest(text) : undefined));
    });
  };
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      <p class="quiet">
        Your browser recomputes the hashes of the content and follows the proof to the digest. The server is
        not trusted with any of it.
      </p>
      <form onSubmit={verify}>
        <DigestChoice isSaved={isSaved} onChoose={setIsSaved} />
        {isSaved ? <SavedDigest text={text} onText={setText} /> : null}
        <button type="submit" class="main" disabled={action.isRunning || (isSaved && text.trim() === "")}>
          {action.isRunning ? "Verifying…" : "Verify"}
        </button>
      </form>
      <div aria-live="polite">
        {action.error === undefined ? null : <Problem error={action.error} />}
        {found === undefined ? null : <VerificationReport found={found} />}
      </div>
    </section>
  );
}

function DigestChoice({
  isSaved,
  onChoose,
}: {
  readonly isSaved: boolean;
  readonly onChoose: (isSaved: boolean) => void;
}): JSX.Element {
  const option = (value: boolean, label: string): JSX.Element => (
    <label>
      <input
        type="radio"
        name="digest"
        checked={isSaved === value}
        onChange={() => {
          onChoose(value);
        }}
      />
      {label}
    </label>
  );
  return (
    <fieldset class="options">
      <legend>Compare with</legend>
      {option(false, "the server's digest now")}
      {option(true, "a digest that you saved")}
    </fieldset>
  );
}

function SavedDigest({
  text,
  onText,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>Digest, as GetDigest, the AWS CLI or “Save digest” wrote it</span>
      <textarea
        class="code"
        rows={5}
        spellcheck={false}
        value={text}
        placeholder={'{"Digest": "…", "DigestTipAddress": {"IonText": "{strandId: …, sequenceNo: …}"}}'}
        onInput={(event) => {
          onText(event.currentTarget.value);
        }}
      />
    </label>
  );
}
