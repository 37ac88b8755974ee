import { expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import { namespaces, serviceAccounts } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

function accounts(plane: TestControlPlane): string[] {
  return plane.client.list(serviceAccounts).map(({ metadata }) => `${metadata.namespace!}/${metadata.name}`);
}

test("every namespace has an account `default`, also if somebody deletes it", () => {
  const plane = new TestControlPlane();
  plane.client.create(namespaces, { metadata: { name: "shop" } });
  plane.run(5 * MILLISECOND);
  expect(accounts(plane)).toEqual(["default/default", "shop/default"]);
  const { uid } = plane.client.get(serviceAccounts, "shop", "default")!.metadata;
  plane.client.delete(serviceAccounts, "shop", "default");
  plane.run(5 * MILLISECOND);
  expect(plane.client.get(serviceAccounts, "shop", "default")!.metadata.uid).not.toBe(uid);
});

test("a namespace that goes away gets none", () => {
  const plane = new TestControlPlane();
  plane.client.create(namespaces, { metadata: { name: "shop" } });
  plane.run(5 * MILLISECOND);
  plane.client.delete(namespaces, "", "shop");
  plane.client.delete(serviceAccounts, "shop", "default");
  plane.run(10 * SECOND);
  expect(accounts(plane)).toEqual(["default/default"]);
});
