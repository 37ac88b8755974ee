import { describe, expect, test } from "vitest";
import type { JsonObject, WebhookCall, WebhookReply } from "../../api/index.ts";
import { TestCluster } from "../testing.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const BOATS = (version: string): string => `/apis/example.com/${version}/namespaces/default/boats`;

const version = (name: string, fields: object, storage = false): object => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: fields } } } },
});

/** A cluster with a kind in two versions: v1 is stored. */
function boats(conversion: object, callWebhook?: (call: WebhookCall) => WebhookReply): TestCluster {
  const cluster = new TestCluster(callWebhook ? { settings: { callWebhook } } : {});
  const name = "boats.example.com";
  cluster.ok("POST", DEFINITIONS, {
    metadata: { name },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "boats", kind: "Boat" },
      conversion,
      versions: [
        version("v1", { sails: { type: "integer" }, crew: { type: "integer", default: 2 } }, true),
        version("v1beta1", { sails: { type: "integer" }, colour: { type: "string", default: "red" } }),
      ],
    },
  });
  const condition = { status: "True", reason: "r", message: "m", lastTransitionTime: null };
  const conditions = ["NamesAccepted", "Established"].map((type) => ({ type, ...condition }));
  const acceptedNames = { plural: "boats", kind: "Boat", listKind: "BoatList", singular: "boat" };
  cluster.ok("PATCH", `${DEFINITIONS}/${name}/status`, { status: { conditions, acceptedNames, storedVersions: ["v1"] } }, { contentType: "application/merge-patch+json" }); // prettier-ignore
  return cluster;
}

const spec = (cluster: TestCluster, of: string, name = "b"): unknown =>
  cluster.ok("GET", `${BOATS(of)}/${name}`)["spec"];

test("without a webhook versions differ in their fields only: those of the stored one are kept and filled in", () => {
  const cluster = boats({ strategy: "None" });
  const body = {
    apiVersion: "example.com/v1beta1",
    kind: "Boat",
    metadata: { name: "b" },
    spec: { sails: 3, colour: "blue" },
  };
  expect(cluster.ok("POST", BOATS("v1beta1"), body)).toMatchObject({
    apiVersion: "example.com/v1beta1",
    spec: { sails: 3 },
  });
  expect(spec(cluster, "v1")).toEqual({ sails: 3, crew: 2 });
  // The stored version has no colours, and its default is none of this one.
  expect(spec(cluster, "v1beta1")).toEqual({ sails: 3 });
  expect(cluster.ok<{ items: object[] }>("GET", BOATS("v1beta1")).items).toEqual([
    expect.objectContaining({ apiVersion: "example.com/v1beta1", spec: { sails: 3 } }),
  ]);
});

describe("a conversion webhook", () => {
  const config = { service: { namespace: "default", name: "convert", path: "/convert" } };
  const conversion = { strategy: "Webhook", webhook: { clientConfig: config, conversionReviewVersions: ["v1"] } };
  const unreachable = (): WebhookReply => ({ error: 'Post "https://convert.default.svc:443/convert?timeout=30s": service "convert" not found', slow: false }); // prettier-ignore

  /** Sails of v1beta1 are counted in pairs. */
  function converting({ review }: WebhookCall): WebhookReply {
    const { request, apiVersion } = review as { request: JsonObject; apiVersion: string };
    const [object] = request["objects"] as { spec: { sails: number } }[];
    const to = request["desiredAPIVersion"] as string;
    const sails = to.endsWith("v1") ? object!.spec.sails * 2 : object!.spec.sails / 2;
    const convertedObjects = [{ ...object, apiVersion: to, spec: { ...object!.spec, sails } }];
    const response = { uid: request["uid"], result: { status: "Success" }, convertedObjects };
    return { body: JSON.stringify({ kind: "ConversionReview", apiVersion, response }) };
  }

  test("converts both ways", () => {
    const cluster = boats(conversion, converting);
    const body = { metadata: { name: "b" }, spec: { sails: 2 } };
    expect(cluster.ok("POST", BOATS("v1beta1"), body)).toMatchObject({ spec: { sails: 2 } });
    expect(spec(cluster, "v1")).toEqual({ sails: 4, crew: 2 });
    expect(cluster.ok<{ items: object[] }>("GET", BOATS("v1beta1")).items).toMatchObject([{ spec: { sails: 2 } }]);
    const watch = cluster.watch(`${BOATS("v1beta1")}?watch=1`);
    cluster.ok("PATCH", `${BOATS("v1")}/b`, { spec: { sails: 6 } }, { contentType: "application/merge-patch+json" });
    expect(watch.events.at(-1)).toMatchObject({ type: "MODIFIED", object: { spec: { sails: 3 } } });
  });

  test("that cannot be reached leaves the stored version alone readable", () => {
    const cluster = boats(conversion, unreachable);
    cluster.ok("POST", BOATS("v1"), { metadata: { name: "b" }, spec: { sails: 2 } });
    const words = (from: string): string =>
      `500 conversion webhook for example.com/${from}, Kind=Boat failed: Post "https://convert.default.svc:443/convert?timeout=30s": service "convert" not found`;
    expect(spec(cluster, "v1")).toEqual({ sails: 2, crew: 2 });
    expect(cluster.refused("GET", `${BOATS("v1beta1")}/b`)).toBe(words("v1"));
    expect(cluster.refused("GET", BOATS("v1beta1"))).toBe(words("v1"));
    expect(cluster.refused("POST", BOATS("v1beta1"), { metadata: { name: "c" }, spec: { sails: 1 } })).toBe(
      words("v1beta1"),
    );
    const watch = cluster.watch(`${BOATS("v1beta1")}?watch=1`);
    expect(watch.events).toMatchObject([{ type: "ERROR", object: { message: words("v1").slice(4) } }]);
    expect(watch.ended).toBe(true);
  });

  test.each<[string, object, string]>([
    ["words", { result: { status: "Failure", message: "no" } }, "no"],
    ["no word", { result: { status: "Failure" } }, "response.result.status was 'Failure', not 'Success'"],
    ["nothing", { result: { status: "Success" } }, "returned 0 objects, expected 1"],
  ])("fails with %s", (_, given, words) => {
    const cluster = boats(conversion, ({ review }) => {
      const { uid } = (review as { request: { uid: string } }).request;
      return {
        body: JSON.stringify({
          kind: "ConversionReview",
          apiVersion: "apiextensions.k8s.io/v1",
          response: { uid, ...given },
        }),
      };
    });
    cluster.ok("POST", BOATS("v1"), { metadata: { name: "b" }, spec: { sails: 2 } });
    expect(cluster.refused("GET", `${BOATS("v1beta1")}/b`)).toBe(
      `500 conversion webhook for example.com/v1, Kind=Boat failed: ${words}`,
    );
  });
});
