import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;
const tests = ["server/**/*.test.ts", "grader/**/*.test.ts", "labs/**/*.test.ts", "web/**/*.test.ts"];
/** Tests with clients of other people, who leave timers and connections behind: each in a process of its own. */
const clients = ["server/http/kubernetes/**/*.test.ts"];
const long = ["server/**/*.long.test.ts", "grader/**/*.long.test.ts", "labs/**/*.long.test.ts"];

export default defineConfig({
  root,
  test: {
    // Vitest leaves one processor to itself: of two, that is half.
    maxWorkers: "100%",
    projects: [
      {
        root,
        test: {
          name: "unit",
          isolate: false,
          include: tests,
          exclude: [...long, ...clients, "**/node_modules/**"],
          testTimeout: 40_000,
        },
      },
      {
        root,
        test: {
          name: "clients",
          pool: "forks",
          include: clients,
          exclude: [...long, "**/node_modules/**"],
          testTimeout: 60_000,
        },
      },
      {
        root,
        test: {
          name: "e2e",
          include: ["web/**/*.e2e.ts"],
          globalSetup: "web/testing/setup.ts",
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      { root, test: { name: "long", isolate: false, include: long, testTimeout: 600_000 } },
    ],
  },
});
