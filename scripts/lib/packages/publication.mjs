// SPDX-License-Identifier: MIT
/** What no tarball has: declarations of tests, maps to sources that are not shipped, the compiler's own notes. */
const LEFT_OUT = ["!dist/test", "!dist/**/*.map", "!dist/**/*.tsbuildinfo"];
const FIRST = ["name", "version", "description", "keywords", "homepage", "bugs", "repository", "license"];
const LAST = [
  "dependencies",
  "optionalDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "devDependencies",
];

/** True for what the registry gets. */
export const isPublished = ({ manifest }) => manifest.private !== true;

/**
 * The manifest of a published package as it must be: what the registry and old resolvers need follows from the root's
 * manifest and from the package's own `exports`.
 */
export function publishedManifest({ manifest, path }, root) {
  const { bin, files = [] } = manifest;
  // Tools read the manifest of what they find.
  const exports = { ...manifest.exports, "./package.json": "./package.json" };
  const main = exports["."] ?? {};
  const derived = {
    homepage: `${webAddress(root)}/tree/main/${path}#readme`,
    bugs: { url: `${webAddress(root)}/issues` },
    repository: { ...root.repository, directory: path },
    license: root.license,
    type: "commonjs",
    engines: root.engines,
    ...(main.default === undefined ? {} : { main: main.default, types: main.types }),
    ...typesVersionsOf(exports),
    exports,
    ...(bin === undefined ? {} : { bin }),
    files: ["dist", ...files.filter((each) => each !== "dist" && !each.startsWith("!dist")), ...LEFT_OUT],
    publishConfig: { access: "public", exports: withoutSources(exports) },
  };
  return inOrder({ ...manifest, ...derived });
}

/** What is missing in a published package that no rule can derive. */
export function* publicationProblems({ manifest, path }, { readme, privateNames }) {
  const where = `${path}/package.json`;
  if ((manifest.keywords?.length ?? 0) < 3) yield `${where}: names fewer than 3 keywords`;
  if (!manifest.description) yield `${where}: has no description`;
  if (!readme.includes(manifest.name))
    yield `${path}/README.md: is missing, or does not name ${manifest.name}`;
  for (const name of Object.keys(manifest.scripts ?? {}))
    if (name.endsWith("install")) yield `${where}: has an install script (${name})`;
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }))
    if (privateNames.has(name))
      yield `${where}: depends on ${name}, which is private and cannot be installed`;
}

/** An AWS client in any list but the workspace's catalog would be a second version of the SDK. */
export function* catalogProblems({ manifest, path }) {
  for (const field of LAST.filter((each) => each !== "peerDependenciesMeta")) {
    const catalog = field === "peerDependencies" ? "catalog:supported" : "catalog:";
    for (const [name, version] of Object.entries(manifest[field] ?? {})) {
      if (name.startsWith("@aws-sdk/") && version !== catalog)
        yield `${path}/package.json: ${field} has ${name} ${version}: write ${catalog} and its version into pnpm-workspace.yaml`;
    }
  }
}

function webAddress({ repository }) {
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Without the condition that leads to sources: they are not in the tarball. */
function withoutSources(exports) {
  return Object.fromEntries(
    Object.entries(exports).map(([entry, target]) => {
      if (typeof target === "string") return [entry, target];
      const { "ws-source": _, ...shipped } = target;
      return [entry, shipped];
    }),
  );
}

/** For resolvers that know no `exports`: where the types of entries beside the main one are. */
function typesVersionsOf(exports) {
  const entries = Object.entries(exports).flatMap(([entry, { types }]) =>
    entry === "." || types === undefined ? [] : [[entry.slice(2), [types]]],
  );
  return entries.length === 0 ? {} : { typesVersions: { "*": Object.fromEntries(entries) } };
}

function inOrder(manifest) {
  const rank = (key) => {
    if (FIRST.includes(key)) return FIRST.indexOf(key);
    return FIRST.length + (LAST.includes(key) ? 1_000 + LAST.indexOf(key) : 0);
  };
  return Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => rank(a) - rank(b)));
}
