import { describe, expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { decode } from "./decode.ts";
import { generate } from "./generate.ts";
import { docsTable, structureTable } from "./table.ts";
import { structType, typeId } from "./types.ts";

test("the tables are what the generator makes of the npm package", () => {
  const { structure, docs } = generate();
  expect(structureTable()).toEqual(structure);
  expect(docsTable()).toEqual(docs);
});

test("every type is known with all that it refers to", () => {
  for (const id of Object.keys(structureTable())) {
    const { fields } = structType(id);
    for (const { type } of fields.values()) {
      let inner = type;
      while (inner.kind === "list" || inner.kind === "map") inner = inner.of;
      if (inner.kind === "struct") expect(() => structType(inner.id)).not.toThrow();
    }
  }
});

test("every kind has a structure, and every field a line of docs", () => {
  for (const { group, version, kind } of KINDS)
    expect(structType(typeId(group, version, kind)).fields.has("metadata")).toBe(true);
  for (const [id, fields] of Object.entries(structureTable())) expect(docsTable()[id]).toHaveLength(fields.length + 1);
  expect(docsTable()["v1.Pod"]![0]).toBe(
    "Pod is a collection of containers that can run on a host. This resource is created by clients and scheduled onto hosts.",
  );
});

describe("decoding", () => {
  test("copies", () => {
    const given = { metadata: { name: "x", creationTimestamp: null, labels: { a: "b" } }, data: { c: "d" } };
    const { value } = decode("v1.ConfigMap", given);
    expect(value).toEqual(given);
    expect(value["data"]).not.toBe(given.data);
  });

  test("writes what Go always writes", () => {
    expect(decode("v1.Pod", {}).value).toEqual({
      metadata: { creationTimestamp: null },
      spec: { containers: null },
      status: {},
    });
    expect(decode("apps/v1.ReplicaSet", {}).value["status"]).toEqual({ replicas: 0 });
    expect(decode("v1.Container", { name: "c" }).value).toEqual({ name: "c", resources: {} });
  });

  test("keeps zeros of pointers, drops others", () => {
    const { value } = decode("v1.PodSpec", {
      terminationGracePeriodSeconds: 0,
      hostNetwork: false,
      enableServiceLinks: false,
      nodeName: "",
      tolerations: [],
      nodeSelector: {},
    });
    expect(value).toEqual({ containers: null, terminationGracePeriodSeconds: 0, enableServiceLinks: false });
  });

  test("puts zero values in the place of nulls in lists and maps", () => {
    expect(decode("v1.PodSpec", { tolerations: [null], nodeSelector: { a: null } }).value).toEqual({
      containers: null,
      tolerations: [{}],
      nodeSelector: { a: "" },
    });
  });

  test("tells the first type error, and all unknown fields", () => {
    const { error, unknown } = decode("v1.Service", { spec: { type: 1, ports: [{ port: "a", x: 1 }] }, y: 2 });
    expect(error).toBe(
      "json: cannot unmarshal number into Go struct field ServiceSpec.spec.type of type v1.ServiceType",
    );
    expect(unknown).toEqual(["spec.ports[0].x", "y"]);
  });
});
