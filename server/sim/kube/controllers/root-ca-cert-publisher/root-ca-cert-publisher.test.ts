import { expect, test } from "vitest";
import { MILLISECOND } from "../../../kernel/index.ts";
import { configMaps, namespaces } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

test("every namespace has the certificate, whatever somebody does to it", () => {
  const plane = new TestControlPlane({ settings: { rootCa: "CERTIFICATE\n" } });
  plane.client.create(namespaces, { metadata: { name: "shop" } });
  plane.run(5 * MILLISECOND);
  const get = (): unknown => {
    const { metadata, data } = plane.client.get(configMaps, "shop", "kube-root-ca.crt")!;
    return [metadata.annotations, data];
  };
  const whole = [
    {
      "kubernetes.io/description":
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
    },
    { "ca.crt": "CERTIFICATE\n" },
  ];
  expect(get()).toEqual(whole);
  plane.client.patch(configMaps, { namespace: "shop", name: "kube-root-ca.crt" }, "merge-patch+json", {
    data: { "ca.crt": "mine", more: "x" },
  });
  plane.run(5 * MILLISECOND);
  expect(get()).toEqual(whole);
  plane.client.delete(configMaps, "shop", "kube-root-ca.crt");
  plane.run(5 * MILLISECOND);
  expect(get()).toEqual(whole);
  expect(plane.client.get(configMaps, "default", "kube-root-ca.crt")).toBeDefined();
});

test("without a certificate there is none", () => {
  const plane = new TestControlPlane();
  plane.run(5 * MILLISECOND);
  expect(plane.client.list(configMaps)).toEqual([]);
});
