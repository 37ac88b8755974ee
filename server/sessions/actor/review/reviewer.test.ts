import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { FromReviewer, Kept, ToReviewer } from "../../protocol/index.ts";
import { LAB, Rig } from "../testing.ts";
import { Reviewer } from "./reviewer.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Request = Extract<ToReviewer, { request: number }>;
type Unnumbered<R> = R extends Request ? Omit<R, "request"> : never;

const posted: FromReviewer[] = [];
const waiting = new Map<number, (message: FromReviewer) => void>();
const reviewer = new Reviewer((message) => {
  posted.push(message);
  if ("request" in message && message.request !== undefined) waiting.get(message.request)?.(message);
});
let requests = 1;
let kept: Kept;
const rig = new Rig();

function ask(message: Unnumbered<Request>): Promise<FromReviewer> {
  const request = requests++;
  return new Promise((resolve) => {
    waiting.set(request, resolve);
    reviewer.receive({ ...message, request });
  });
}

const REPAIR = "kubectl -n $NS delete svc cart; kubectl -n $NS expose deployment cart --port=80 --target-port=http";

/** The namespace of the lab's Service `cart`. */
let namespace = "";

beforeAll(async () => {
  const { lab, snapshot } = await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "NS=$(kubectl get svc -A | awk '/ cart /{print $1}'); echo is-$NS\r");
  namespace = /is-(\w+)\r/.exec(rig.output("a", 1))![1]!;
  await rig.type("a", 1, "kubectl -n $NS create configmap no\x7f\x7fnotes\r", 10_000);
  await rig.type(
    "a",
    1,
    `kubectl -n $NS patch svc cart --type merge -p '{"spec":{"selector":{"app":"cart"}}}'\r`,
    10_000,
  );
  await rig.type("a", 1, "kubectl -n $NS delete configmap notes\r", 3_000);
  await rig.type("a", 1, `${REPAIR}\r`, 10_000);
  await rig.type("a", 1, "false\r", 1_000);
  await rig.terminal("a");
  await rig.type("a", 2, "exit 3\r", 1_000);
  rig.send({ kind: "command", session: "a", line: 1, command: "exit 4" });
  await rig.pass(1_000);
  await rig.type("a", 1, "sleep 1000\r", 1_000);
  kept = {
    session: "a",
    lab: LAB,
    seed: lab.seed,
    snapshot,
    journal: rig.journal("a"),
    until: rig.wall.now() / 1000,
  };
});
afterAll(() => rig.actor.close());

async function timeline() {
  const answer = await ask({ kind: "timeline", kept });
  if (answer.kind !== "timeline") throw new Error(JSON.stringify(answer));
  return answer.timeline;
}

test("the timeline tells the commands as the shell read them, how they ended, and what they changed", async () => {
  const { commands, changes, differences } = await timeline();
  expect(differences).toBe(0);
  expect(commands.map(({ text, status, terminal, host }) => ({ text, status, terminal, host }))).toEqual(
    [
      ["NS=$(kubectl get svc -A | awk '/ cart /{print $1}'); echo is-$NS", 0],
      ["kubectl -n $NS create configmap notes", 0],
      [`kubectl -n $NS patch svc cart --type merge -p '{"spec":{"selector":{"app":"cart"}}}'`, 0],
      ["kubectl -n $NS delete configmap notes", 0],
      [REPAIR, 0],
      ["false", 1],
      ["exit 3", 3, 2],
      ["exit 4", 4, null],
      ["sleep 1000", null],
    ].map(([text, status, terminal = 1]) => ({ text, status, terminal, host: "controlplane" })),
  );
  const before = (text: string): number => rig.output("a", 1).indexOf(text) + 1;
  expect(commands[1]!.printed).toBeGreaterThan(before("configmap/notes created"));
  expect(commands[1]!.printed).toBeLessThan(before("service/cart patched"));
  expect(commands.at(-1)!.printed).toBeNull();
  expect(changes.map(({ verb, resource, name, user }) => [verb, resource, name, user])).toEqual([
    ["created", "configmaps", "notes", "kubernetes-admin"],
    ["changed", "services", "cart", "kubernetes-admin"],
    ["deleted", "configmaps", "notes", "kubernetes-admin"],
    ["deleted", "services", "cart", "kubernetes-admin"],
    ["created", "services", "cart", "kubernetes-admin"],
  ]);
  expect(changes[1]!.fields).toEqual([{ path: "spec.selector.app", from: expect.any(String), to: '"cart"' }]);
  expect(changes.every((change) => change.namespace === namespace)).toBe(true);
});

test("the state at a moment is that of the moment, whichever way one goes", async () => {
  const { commands } = await timeline();
  const [, create, , remove] = commands;
  const names = async (at: number): Promise<string[]> => {
    const answer = await ask({ kind: "state", kept, at, resource: "configmaps" });
    if (answer.kind !== "state") throw new Error(JSON.stringify(answer));
    expect(answer.state.columns).toEqual(["NAMESPACE", "NAME", "DATA", "AGE"]);
    return answer.state.rows.filter(([space]) => space === namespace).map(([, name]) => name!);
  };
  expect(await names(create!.ended!)).toContain("notes");
  expect(await names(remove!.ended!)).not.toContain("notes");
  expect(await names(create!.at - 1)).not.toContain("notes");
  expect(await names(create!.ended! + 1)).toContain("notes");
});

test("what is not there then is said in words", async () => {
  const answer = await ask({ kind: "state", kept, at: kept.until, resource: "boats.sea.example" });
  expect(answer).toMatchObject({ state: { rows: [], note: "The cluster had no resource 'boats.sea.example' then." } });
  const wrong = await ask({ kind: "timeline", kept: { ...kept, session: "b", lab: "no-such-lab" } });
  expect(wrong).toMatchObject({ kind: "error", message: "There is no lab 'no-such-lab'." });
});

test("checks turn green behind the command that did it, and what waits goes first", async () => {
  const checks = ask({ kind: "checks", kept });
  await timeline();
  expect(posted.some(({ kind }) => kind === "checks")).toBe(false);
  const answer = await checks;
  if (answer.kind !== "checks") throw new Error(JSON.stringify(answer));
  const { moments, checks: all } = answer.checks;
  expect(all.length).toBeGreaterThan(1);
  const first = moments[0]!;
  const turned = moments.find(({ outcomes }) =>
    Object.keys(outcomes).some((key) => outcomes[key] !== first.outcomes[key]),
  );
  expect(first.commands).toBe(0);
  expect(turned?.commands).toBe(5);
  expect(moments.at(-1)!.commands).toBe(9);
});

test("a sandbox goes on from its moment and leaves the attempt alone", async () => {
  const { commands } = await timeline();
  const opened = await ask({ kind: "sandbox", sandbox: 1, kept, at: commands[1]!.ended!, cols: 120, rows: 24 });
  expect(opened).toEqual({ kind: "sandbox", request: expect.any(Number), host: "controlplane", user: "root" });
  const shown = (): string =>
    posted.map((message) => (message.kind === "sandbox-output" ? message.bytes : "")).join("");
  const type = async (line: string, until: RegExp): Promise<RegExpExecArray> => {
    reviewer.receive({ kind: "sandbox-input", sandbox: 1, bytes: `${line}\r` });
    return vi.waitUntil(() => until.exec(shown()), { timeout: 10_000, interval: 10 });
  };
  await type(`kubectl -n ${namespace} get configmap notes -o name`, /\rconfigmap\/notes\r/);
  await type(`kubectl -n ${namespace} delete svc cart`, /"cart" deleted/);
  const [, seconds] = await type("date +%s", /\r(\d{10})\r/);
  expect(Math.abs(Number(seconds) - commands[1]!.ended! / 1000)).toBeLessThan(60);
  reviewer.receive({ kind: "sandbox-close", sandbox: 1 });
  const after = await ask({ kind: "state", kept, at: kept.until, resource: "services" });
  expect(JSON.stringify(after)).toContain('"cart"');
});
