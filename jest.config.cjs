// Tests run from the TypeScript sources: the `ws-source` export condition leads every workspace import to
// `src/index.ts`, so no build is needed. Types are checked by `tsc -b`, not here.
const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  roots: ["<rootDir>/packages", "<rootDir>/docs/examples", "<rootDir>/infra"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/"],
  modulePathIgnorePatterns: ["/dist/"],
  transform: {
    "^.+\\.tsx?$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        // A module of a dependency is loaded when it is first used: most suites use little of what their imports name.
        module: { type: "commonjs", lazy: true },
        sourceMaps: "inline",
      },
    ],
  },
  testEnvironment: "node",
  testEnvironmentOptions: {
    customExportConditions: ["ws-source", "node", "node-addons", "require", "default"],
  },
  // No test is to depend on the speed of the machine: this only ends what hangs.
  testTimeout: 300_000,
  // Most tests wait for servers and disks: more workers than cores. (A percentage above 100 is read as a plain number.)
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Modules of finished files pile up in a worker, and collecting that garbage takes longer than a new worker.
  workerIdleMemoryLimit: "1GB",
  reporters: ["default", "<rootDir>/scripts/jest-totals-reporter.cjs"],
};
