import { expect, test, vi } from "vitest";
import type { FromWorker } from "../protocol/index.ts";
import { unpack } from "./pack.ts";
import { LAB, Rig } from "./testing.ts";

vi.setConfig({ testTimeout: 60_000 });

type Of<K extends FromWorker["kind"]> = Extract<FromWorker, { kind: K }>;

test("a session that is over is kept as it was graded, also if it has gone on or is built again", async () => {
  const rig = new Rig();
  const opened = await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "kubectl run web --image=nginx; n=$(date +%s)\r", 1_234);
  // A Pod is being started, a program runs, and half a command is typed.
  await rig.type("a", 1, "kubectl run late --image=nginx; sleep 50\r", 333);
  const ungraded = await rig.ask({ kind: "keep", session: "a" });
  expect(ungraded).toMatchObject({ kind: "error", code: "internal" });

  const graded = (await rig.ask({ kind: "grade", session: "a", answers: {}, hints: 1, keep: true })) as Of<"graded">;
  expect(graded.at).toBeLessThanOrEqual(rig.wall.now());
  const journal = rig.journal("a");
  await rig.type("a", 1, "\x03kubectl delete pod web --now\r", 5_000);
  const { kept } = (await rig.ask({ kind: "keep", session: "a" })) as Of<"kept">;
  rig.send({ kind: "close", session: "a" });

  const { seed } = opened.lab;
  const over = { lab: LAB, seed, snapshot: opened.snapshot, journal, at: graded.at!, answers: {}, hints: 1 };
  const again = (await rig.ask({ kind: "keep-again", ...over })) as Of<"kept">;
  expect(again.again).toEqual({ report: graded.report, version: graded.version });
  expect(again.kept.values).toEqual(kept.values);
  expect(unpack(again.kept.snapshot)).toEqual(unpack(kept.snapshot));

  const regraded = await rig.ask({ kind: "regrade", lab: LAB, seed, kept: again.kept, answers: {}, hints: {} });
  expect((regraded as Of<"regraded">).report.results).toEqual(graded.report.results);
  rig.actor.close();
});
