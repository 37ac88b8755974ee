import { afterAll, beforeAll, expect, it } from "vitest";
import { desk, type Desk } from "../attempts/testing.ts";
import { peopled } from "./testing-people.ts";

/** What a learner must not read before the attempt is over; `Look at the labels.` is a hint that nobody pays for. */
const EXPLANATION = "The labels differ.";
const UNREAD = "Look at the labels.";
/** What a check expects and sees, as the worker reports it. */
const CHECK = "s3cret-check";

let office: Desk;
let server: Awaited<ReturnType<typeof peopled>>;

beforeAll(async () => {
  office = await desk();
  const report = office.fleet.report;
  office.fleet.report = (...of) => {
    const result = {
      id: CHECK,
      task: "find",
      outcome: "fail" as const,
      points: 0,
      of: 1,
      says: CHECK,
      expected: CHECK,
      observed: CHECK,
      evidence: [],
    };
    return { ...report(...of), results: [result] };
  };
  server = await peopled({}, office.attempts);
});
afterAll(async () => {
  await server.close();
  await office.attempts.stop();
});

/** All that every route answers about an attempt, but for submitting it; and what those say that are asked first. */
async function everything(attempt: string, name: "owner" | "teacher"): Promise<string> {
  const bodies: Record<string, object> = {
    answers: { part: 0, task: "find", question: "where", value: "x" },
    notes: { notes: "n" },
    flags: { part: 0, task: "find", flagged: true },
    hints: { part: 0, task: "find" },
  };
  const answers: string[] = [];
  for (const { method, url } of server.routes) {
    // Whose effects would end the tour: signing out, submitting.
    if (method === "HEAD" || method === "DELETE" || /\/(session|submit)$/.test(url) || url.startsWith("/k8s/"))
      continue;
    const body = bodies[url.split("/").at(-1)!];
    // One hint is paid for, once.
    if (url.endsWith("/hints") && name === "teacher") continue;
    const { body: text } = await server.app.inject({
      method: method as "GET",
      url: url
        .replace("/attempts/:id", `/attempts/${attempt}`)
        .replace(/:terminal.*\.cast/, "1.cast")
        .replace(/:part/, "0")
        .replaceAll(/:\w+/g, "x"),
      headers: await server.cookie(name),
      ...(method === "GET" ? {} : { payload: body ?? {} }),
    });
    answers.push(text);
  }
  expect(answers.length).toBeGreaterThan(30);
  return answers.join("\n");
}

async function start(kind: "lab" | "exam", of: string): Promise<string> {
  const { assignment } = await server.makeClass();
  const terms = { owner: server.ids.owner, assignment: { id: assignment, minutes: null, extra: 0, closesAt: null } };
  return (await office.attempts.start({ kind, of }, terms)).id;
}

it("an open exam tells neither its checks nor its explanation, whatever is asked for, by whomever", async () => {
  const id = await start("exam", "mock");
  const told = (await everything(id, "owner")) + (await everything(id, "teacher"));
  expect(told).toContain("Mend it.");
  for (const secret of [EXPLANATION, UNREAD, CHECK]) expect(told).not.toContain(secret);
});

it("an open lab tells what a check found, and neither its explanation nor hints that were not read", async () => {
  const id = await start("lab", "alpha");
  const told = (await everything(id, "owner")) + (await everything(id, "teacher"));
  expect(told).toContain(CHECK);
  expect(told).toContain("Look at the endpoints.");
  for (const secret of [EXPLANATION, UNREAD]) expect(told).not.toContain(secret);
});

it("a graded attempt tells it all, to its owner and to who teaches", async () => {
  const id = await start("exam", "mock");
  await office.attempts.submit(id);
  for (const name of ["owner", "teacher"] as const) {
    const told = await everything(id, name);
    for (const secret of [EXPLANATION, CHECK]) expect(told).toContain(secret);
  }
});
