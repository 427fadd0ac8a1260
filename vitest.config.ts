import path from "node:path";
import { defineConfig } from "vitest/config";

const alias = [
  { find: /^#app\//, replacement: `${path.resolve("app")}/` },
  { find: /^#tests\//, replacement: `${path.resolve("tests")}/` },
];
const globalSetup = ["tests/support/global-setup.ts"];

/** `npx vitest run --project database tests/database/persons.test.ts` runs one file of one kind. */
export default defineConfig({
  test: {
    // Two cores are common where this runs; more workers than that only wait for the one database.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["app/**/*.test.{ts,tsx}", "tests/architecture.test.ts"],
          environment: "node",
          // A property test reads thousands of inputs; a slow machine is no fault of theirs.
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "database",
          include: ["tests/database/**/*.test.ts"],
          globalSetup,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.{ts,tsx}"],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "browser",
          include: ["tests/e2e/**/*.spec.ts"],
          globalSetup,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
