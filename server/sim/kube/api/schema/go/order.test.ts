import { expect, test } from "vitest";
import { inGoOrder } from "./order.ts";

test("fields stand as in the Go structure, keys of maps sorted, what is unknown last", () => {
  const object = {
    extra: 1,
    status: { phase: "Running" },
    spec: {
      nodeName: "n",
      containers: [{ image: "i", name: "c", livenessProbe: { periodSeconds: 1, exec: { command: ["x"] } } }],
    },
    metadata: { labels: { b: "1", a: "2" }, name: "p" },
    apiVersion: "v1",
    kind: "Pod",
  };
  expect(JSON.stringify(inGoOrder("v1.Pod", object))).toBe(
    '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","labels":{"a":"2","b":"1"}},"spec":{"containers":[{"name":"c","image":"i","livenessProbe":{"exec":{"command":["x"]},"periodSeconds":1}}],"nodeName":"n"},"status":{"phase":"Running"},"extra":1}',
  );
});

test("a type that nobody knows stays as it is", () => {
  const object = { z: 1, a: { y: 1, b: 2 } };
  expect(JSON.stringify(inGoOrder("example.com/v1.Thing", object))).toBe(JSON.stringify(object));
});
