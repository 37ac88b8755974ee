import { expect, test } from "vitest";
import { desk, diskFull, kill } from "./testing.ts";

test("a part's cluster has one token, which stays as it is over a restart and is nobody's afterwards", async () => {
  const before = await desk();
  const { id } = await before.attempts.start({ kind: "lab", of: "alpha" });
  const token = await before.attempts.kubernetesToken(id, 0);
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(await before.attempts.kubernetesToken(id, 0)).toBe(token);
  expect(before.attempts.kubernetesApi(token)?.session).toBe(`${id}/0`);
  expect(before.attempts.kubernetesApi(`${token.slice(0, -1)}_`)).toBeUndefined();
  await kill(before);

  const after = await desk(before);
  expect(after.attempts.kubernetesApi(token)?.session).toBe(`${id}/0`);
  expect(await after.attempts.kubernetesToken(id, 0)).toBe(token);
  await after.attempts.submit(id);
  expect(after.attempts.kubernetesApi(token)).toBeUndefined();
  await expect(after.attempts.kubernetesToken(id, 0)).rejects.toMatchObject({ code: "not-open" });
});

test("every attempt has its own; who has no attempt has none", async () => {
  const { attempts } = await desk();
  const [one, two] = [
    await attempts.start({ kind: "lab", of: "alpha" }),
    await attempts.start({ kind: "lab", of: "beta" }),
  ];
  const tokens = [await attempts.kubernetesToken(one.id, 0), await attempts.kubernetesToken(two.id, 0)];
  expect(tokens.map((token) => attempts.kubernetesApi(token)?.session)).toEqual([`${one.id}/0`, `${two.id}/0`]);
  await expect(attempts.kubernetesToken("nobody", 0)).rejects.toMatchObject({ code: "unknown-attempt" });
  await expect(attempts.kubernetesToken(one.id, 1)).rejects.toMatchObject({ code: "unknown-part" });
});

test("in an exam there is none, and none where it is switched off", async () => {
  const { attempts } = await desk();
  const exam = await attempts.start({ kind: "exam", of: "mock" });
  await expect(attempts.kubernetesToken(exam.id, 0)).rejects.toMatchObject({ code: "not-in-exam" });
  const off = (await desk(undefined, { kubernetesApi: false })).attempts;
  const { id } = await off.start({ kind: "lab", of: "alpha" });
  await expect(off.kubernetesToken(id, 0)).rejects.toMatchObject({ code: "kubernetes-api-off" });
});

test("a token that cannot be stored is not given out", async () => {
  const { attempts, store } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  store.failing = diskFull;
  await expect(attempts.kubernetesToken(id, 0)).rejects.toMatchObject({ code: expect.any(String) });
  store.failing = undefined;
  expect(store.tokens.size).toBe(0);
  const token = await attempts.kubernetesToken(id, 0);
  expect([...store.tokens.values()]).toEqual([token]);
});

test("whoever writes through the API has touched the part, whoever reads has not", async () => {
  const { attempts } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const { api } = attempts.kubernetesApi(await attempts.kubernetesToken(id, 0))!;
  const ask = (method: string): unknown =>
    api.call({ method, url: "/api/v1/pods", headers: {}, body: null, upgrade: false }, () => {});
  ask("GET");
  expect((await attempts.get(id)).parts[0]!.touched).toBe(false);
  ask("DELETE");
  await expect.poll(async () => (await attempts.get(id)).parts[0]!.touched).toBe(true);
});
