import type { Suite } from "../suite.ts";

export const suite: Suite = {
  files: { a: "old\n", dir: { dir: true } },
  cases: [
    { run: ["tee b", "cat b"], stdin: "x\ny" },
    { run: ["tee a b", "cat a b"], stdin: "x\n" },
    { run: ["tee -a a", "cat a"], stdin: "x\n" },
    { run: "tee dir", stdin: "x\n" },
    { run: ["tee no/where b", "cat b"], stdin: "x\n" },
    { run: "tee", stdin: "x\n" },
    { run: "tee -z", stdin: "x\n" },
    { run: "tee --append=3", stdin: "x\n" },
  ],
};
