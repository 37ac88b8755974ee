import { describe, expect, test } from "vitest";
import { TestCluster } from "../kinds/testing.ts";
import type { AccessAttributes, UserInfo } from "../api/index.ts";
import { impersonated, impersonationHeaders } from "./impersonation.ts";

const jane: UserInfo = { name: "jane", groups: ["system:authenticated"] };

/** A server that allows to impersonate what `allowed` names, as `resource[/subresource] name`. */
function server(...allowed: string[]): TestCluster["api"] {
  const authorize = ({ verb, resource, subresource, name, namespace }: AccessAttributes): { allowed: boolean } => {
    const what = `${resource}${subresource === "" ? "" : `/${subresource}`} ${namespace === "" ? "" : `${namespace}/`}${name}`;
    return { allowed: verb !== "impersonate" || allowed.includes(what) };
  };
  return new TestCluster({ settings: { authorize } }).api;
}

const headers = (...pairs: [string, string][]): ReturnType<typeof impersonationHeaders> => impersonationHeaders(pairs);

describe("headers", () => {
  test("none of impersonation", () => expect(headers(["Accept", "*/*"])).toBeUndefined());
  test("all of them, in any case", () =>
    expect(
      headers(
        ["impersonate-user", "jim"],
        ["Impersonate-Group", "dev"],
        ["Impersonate-Group", "ops"],
        ["IMPERSONATE-UID", "7"],
        ["Impersonate-Extra-Example.org%2FScope", "view"],
      ),
    ).toEqual({ user: "jim", uid: "7", groups: ["dev", "ops"], extra: { "example.org/scope": ["view"] } }));
});

describe("who somebody becomes", () => {
  test.each<[string, [string, string][], UserInfo]>([
    ["a user", [["Impersonate-User", "jim"]], { name: "jim", groups: ["system:authenticated"] }],
    [
      "a user of a group",
      [
        ["Impersonate-User", "jim"],
        ["Impersonate-Group", "dev"],
      ],
      { name: "jim", groups: ["dev", "system:authenticated"] },
    ],
    [
      "an account, with its groups",
      [["Impersonate-User", "system:serviceaccount:lab:bot"]],
      {
        name: "system:serviceaccount:lab:bot",
        groups: ["system:serviceaccounts", "system:serviceaccounts:lab", "system:authenticated"],
      },
    ],
    [
      "nobody",
      [["Impersonate-User", "system:anonymous"]],
      { name: "system:anonymous", groups: ["system:unauthenticated"] },
    ],
  ])("%s", (_, pairs, expected) => {
    const api = server("users jim", "groups dev", "serviceaccounts lab/bot", "users system:anonymous");
    expect(impersonated(api, jane, headers(...pairs))).toEqual(expected);
  });

  test("oneself without headers", () => expect(impersonated(server(), jane, undefined)).toBe(jane));
});

describe("refusals", () => {
  test.each<[[string, string][], string]>([
    [
      [["Impersonate-User", "root"]],
      'users "root" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    [
      [
        ["Impersonate-User", "jim"],
        ["Impersonate-Group", "system:masters"],
      ],
      'groups "system:masters" is forbidden: User "jane" cannot impersonate resource "groups" in API group "" at the cluster scope',
    ],
    [
      [["Impersonate-User", "system:serviceaccount:lab:bot"]],
      'serviceaccounts "bot" is forbidden: User "jane" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "lab"',
    ],
    [
      [
        ["Impersonate-User", "jim"],
        ["Impersonate-Extra-scope", "all"],
      ],
      'userextras.authentication.k8s.io "all" is forbidden: User "jane" cannot impersonate resource "userextras/scope" in API group "authentication.k8s.io" at the cluster scope',
    ],
    [
      [
        ["Impersonate-User", "jim"],
        ["Impersonate-Uid", "7"],
      ],
      'uids.authentication.k8s.io "7" is forbidden: User "jane" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope',
    ],
  ])("%j", (pairs, message) =>
    expect(impersonated(server("users jim"), jane, headers(...pairs))).toMatchObject({ code: 403, message }),
  );

  test("groups of nobody", () =>
    expect(impersonated(server(), jane, headers(["Impersonate-Group", "dev"]))).toMatchObject({
      code: 500,
      reason: "InternalError",
    }));
});
