import { expect, test } from "vitest";
import { readProof } from "./proof.ts";

test("a solution says nothing of itself", () => {
  expect(readProof("solution-two.sh", "# scores: what it likes\ntrue\n")).toEqual({
    name: "solution-two.sh",
    script: "# scores: what it likes\ntrue\n",
  });
});

test("a wrong solution says what it scores, what fails, and why", () => {
  const script = "# scores: 1.5 of 6\n# fails: answers kept\n# because answers: nothing listens on port 9\ntrue\n";
  expect(readProof("wrong-port.sh", script)).toEqual({
    name: "wrong-port.sh",
    script,
    wrong: {
      score: 1.5,
      of: 6,
      fails: ["answers", "kept"],
      because: [{ check: "answers", words: "nothing listens on port 9" }],
    },
  });
});
