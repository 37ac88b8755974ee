import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Rig } from "./testing.ts";

/** Things that people type, whole and in part, into whatever runs at the moment. */
const typed = fc.constantFrom(
  "echo $((x++)) $RANDOM\r",
  "x=$x.\r",
  "sleep 3\r",
  "sleep 30 & jobs\r",
  "fg\r",
  "\x03",
  "\x1a",
  "\x04",
  "kubectl get pods -A -w\r",
  "kubectl run p$RANDOM --image=nginx --restart=Never\r",
  "kubectl delete pod --all --now --wait=false\r",
  "yes | head -200 | tail -1\r",
  "yes\r",
  "cat\r",
  "cat <<E\r",
  "E\r",
  "cd /tmp; ls -la > f; cat f\r",
  "kube\t\t",
  "\x1b[A\r",
  "\x12ec",
  "ssh node01\r",
  "exit\r",
  "watch -n1 date\r",
  "read a; echo $a\r",
  "älter\x7f\x7f\x15",
  "ping -c2 10.96.0.1\r",
  "for i in 1 2 3; do date +%s.%N; sleep 0.3; done\r",
);

const step = fc.record({
  terminal: fc.integer({ min: 1, max: 2 }),
  bytes: typed,
  wait: fc.constantFrom(0, 1, 37, 400, 1_700, 9_000),
});

test(
  "whatever was typed, the session that is built again prints the same and goes on the same",
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(step, { maxLength: 4 }),
        async (before, after) => {
          const rig = new Rig();
          try {
            await rig.open("a");
            await rig.terminal("a");
            await rig.terminal("a", 100, 30);
            for (const { terminal, bytes, wait } of before) await rig.type("a", terminal, bytes, wait);
            await rig.restore("a", "b");
            await rig.pass(0);
            for (const { terminal, bytes, wait } of after) {
              for (const session of ["a", "b"]) rig.send({ kind: "input", session, terminal, bytes });
              await rig.pass(wait);
            }
            for (const terminal of [1, 2]) expect(rig.output("b", terminal)).toBe(rig.output("a", terminal));
            expect(await rig.screens("b")).toEqual(await rig.screens("a"));
            expect(rig.posted.filter(({ kind }) => kind === "error")).toEqual([]);
          } finally {
            rig.actor.close();
          }
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 8) },
    );
  },
);
