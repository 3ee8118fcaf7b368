// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type PageSettings, readPageSettings } from "./api/page-settings";
import { setAccessKey } from "./api/server";
import { Loading } from "./parts/loading";
import { type Route, linkTo, titleOf, useRoute } from "./parts/route";
import { useLoad } from "./parts/use-load";
import { Ledgers } from "./views/ledgers";
import { LedgerPages } from "./views/ledger-pages";
import { SignIn } from "./views/sign-in";

/** The whole page. */
export function App(): JSX.Element {
  const settings = useLoad("settings", readPageSettings);
  return <Loading of={settings}>{(value) => <Signed settings={value} />}</Loading>;
}

function Signed({ settings }: { readonly settings: PageSettings }): JSX.Element {
  const [keyId, setKeyId] = useState<string>();
  const route = useRoute();
  useEffect(() => {
    document.title = titleOf(route);
  }, [route]);
  const signOut = (): void => {
    setAccessKey(undefined);
    setKeyId(undefined);
  };
  return (
    <>
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to content
      </a>
      <Header settings={settings} keyId={keyId} route={route} onSignOut={signOut} />
      <main id="main" tabIndex={-1}>
        {settings.needsKey && keyId === undefined ? (
          <SignIn onSigned={setKeyId} />
        ) : (
          <Place route={route} canWrite={settings.mode === "write"} />
        )}
      </main>
    </>
  );
}

/** The address belongs to the routes, so the focus moves without it. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Place({ route, canWrite }: { readonly route: Route; readonly canWrite: boolean }): JSX.Element {
  const [kind, ledger, ...rest] = route;
  if (kind === "ledgers" && ledger !== undefined) {
    return <LedgerPages key={ledger} ledger={ledger} route={rest} canWrite={canWrite} />;
  }
  return <Ledgers canWrite={canWrite} />;
}

function Header({
  settings,
  keyId,
  route,
  onSignOut,
}: {
  readonly settings: PageSettings;
  readonly keyId: string | undefined;
  readonly route: Route;
  readonly onSignOut: () => void;
}): JSX.Element {
  const [, ledger] = route;
  return (
    <header class="top">
      <a class="brand" href={linkTo()}>
        <img src="explorer/icon.svg" alt="" width="22" height="22" />
        <span>Ledger explorer</span>
      </a>
      {ledger === undefined ? null : (
        <a class="crumb" href={linkTo("ledgers", ledger)}>
          {ledger}
        </a>
      )}
      <span class="grow" />
      <span class={`badge ${settings.mode}`} title={MODE_TITLES[settings.mode]}>
        {settings.mode === "write" ? "read and write" : "read-only"}
      </span>
      {keyId === undefined ? null : (
        <button type="button" onClick={onSignOut} title={`Signed in with ${keyId}`}>
          Sign out
        </button>
      )}
    </header>
  );
}

const MODE_TITLES = {
  read: "Statements that change documents are refused. ledger serve --explorer write allows them.",
  write: "Statements that change documents are committed.",
} as const;
