import { expect, test } from "vitest";
import { HOUR, MILLISECOND, rfc3339 } from "../../../kernel/index.ts";
import { configMaps, namespaces, secrets } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const CONTROLLERS = ["*", "bootstrap-signer-controller", "token-cleaner-controller"];

function planeWithTokens(controllers: readonly string[]): TestControlPlane {
  const plane = new TestControlPlane({ settings: { controllers } });
  plane.client.create(namespaces, { metadata: { name: "kube-system" } });
  plane.client.create(namespaces, { metadata: { name: "kube-public" } });
  plane.client.create(configMaps, {
    metadata: { namespace: "kube-public", name: "cluster-info" },
    data: { kubeconfig: "apiVersion: v1\n", more: "x" },
  });
  const token = (id: string, signs: boolean, hours: number): void => {
    plane.client.create(secrets, {
      metadata: { namespace: "kube-system", name: `bootstrap-token-${id}` },
      type: "bootstrap.kubernetes.io/token",
      stringData: {
        "token-id": id,
        "token-secret": "0123456789abcdef",
        "usage-bootstrap-signing": String(signs),
        expiration: rfc3339(plane.kernel.now + hours * HOUR),
      },
    });
  };
  token("abcdef", true, 2);
  token("secret", false, 9);
  return plane;
}

const tokens = (plane: TestControlPlane): string[] =>
  plane.client.list(secrets, "kube-system").map(({ metadata }) => metadata.name);
const signed = (plane: TestControlPlane): string[] =>
  Object.keys(plane.client.get(configMaps, "kube-public", "cluster-info")!.data!);

test("cluster-info is signed with the tokens that may, until their time is over", () => {
  const plane = planeWithTokens(CONTROLLERS);
  plane.run(50 * MILLISECOND);
  expect(signed(plane)).toEqual(["kubeconfig", "more", "jws-kubeconfig-abcdef"]);
  plane.run(3 * HOUR);
  expect(signed(plane)).toEqual(["kubeconfig", "more"]);
  expect(tokens(plane)).toEqual(["bootstrap-token-secret"]);
});

test("by default neither runs", () => {
  const plane = planeWithTokens(["*"]);
  plane.run(3 * HOUR);
  expect(signed(plane)).toEqual(["kubeconfig", "more"]);
  expect(tokens(plane)).toEqual(["bootstrap-token-abcdef", "bootstrap-token-secret"]);
});
