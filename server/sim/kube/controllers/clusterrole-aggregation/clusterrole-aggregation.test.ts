import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import type { ClusterRole } from "../../api/index.ts";
import { clusterRoles } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
const rule = (resource: string): object => ({ apiGroups: [""], resources: [resource], verbs: ["get"] });

function make(plane: TestControlPlane, name: string, labels: object, rules: object[], from?: string): void {
  const aggregationRule = from && { clusterRoleSelectors: [{ matchLabels: { [from]: "yes" } }] };
  plane.ok("POST", URL, { metadata: { name, labels }, rules, ...(aggregationRule ? { aggregationRule } : {}) });
}

test("a role has the rules of those that it selects, in the order of their names, each once", () => {
  const plane = new TestControlPlane();
  const resources = (name: string): unknown =>
    (plane.client.get(clusterRoles, "", name) as ClusterRole).rules?.flatMap((one) => one.resources);
  make(plane, "all", {}, [], "to-all");
  make(plane, "some", { "to-all": "yes" }, [], "to-some");
  make(plane, "z", { "to-some": "yes" }, [rule("pods"), rule("secrets")]);
  make(plane, "a", { "to-some": "yes", "to-all": "yes" }, [rule("nodes"), rule("pods")]);
  plane.run(1 * SECOND);
  expect(resources("some")).toEqual(["nodes", "pods", "secrets"]);
  expect(resources("all")).toEqual(["nodes", "pods", "secrets"]);
  plane.ok("DELETE", `${URL}/z`);
  plane.run(1 * SECOND);
  expect(resources("all")).toEqual(["nodes", "pods"]);
});

test("what somebody writes into such a role is taken out", () => {
  const plane = new TestControlPlane();
  make(plane, "all", {}, [], "to-all");
  make(plane, "a", { "to-all": "yes" }, [rule("nodes")]);
  plane.run(1 * SECOND);
  plane.ok("PATCH", `${URL}/all`, { rules: [rule("secrets")] }, { contentType: "application/merge-patch+json" });
  plane.run(1 * SECOND);
  expect(plane.client.get(clusterRoles, "", "all")?.rules).toEqual([rule("nodes")]);
});
