import { fastify } from "fastify";
import { expect, test } from "vitest";
import type { Authoring } from "../../authoring/index.ts";
import { authoringRoutes } from "./authoring.ts";

test("every route of authoring is for instructors", async () => {
  const app = fastify();
  const roles: [string, string | undefined][] = [];
  app.addHook("onRoute", ({ method, url, config }) => void roles.push([`${String(method)} ${url}`, config?.role]));
  authoringRoutes(app, {} as Authoring, 20);
  expect(roles.length).toBeGreaterThanOrEqual(9);
  expect(roles.filter(([, role]) => role !== "instructor")).toEqual([]);
  await app.close();
});
