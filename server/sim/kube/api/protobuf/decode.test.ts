import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { decode } from "../schema/decode.ts";
import { typeId } from "../schema/types.ts";
import { fromProtobuf } from "./decode.ts";

interface Posted {
  readonly line: string;
  /** The body, base64. */
  readonly posted: string;
  /** What the same kubectl prints of the object as JSON. */
  readonly json: { readonly apiVersion: string; readonly kind: string };
}

const POSTED = createRequire(import.meta.url)("./posted.json") as readonly Posted[];

/** The type and the object as the server goes on with it. */
function object({ apiVersion, kind, ...value }: Record<string, unknown>): unknown {
  const [group, version] = (apiVersion as string).includes("/")
    ? (apiVersion as string).split("/", 2)
    : ["", apiVersion as string];
  const { value: decoded, error } = decode(typeId(group!, version!, kind as string), value);
  return { apiVersion, kind, error, decoded };
}

describe("what kubectl 1.33 posts is what it prints as JSON", () => {
  test.each(POSTED)("$line", ({ posted, json }) => {
    const read = fromProtobuf(Buffer.from(posted, "base64").toString("latin1"));
    if (!read.ok) throw new Error(read.error);
    expect(object(read.value)).toEqual(object({ ...json }));
  });
});

test("DeleteOptions are one type in all group-versions", () => {
  // apiVersion apps/v1, kind DeleteOptions, gracePeriodSeconds 0, dryRun [All]
  const raw = "\x08\x00\x2a\x03All";
  const type = "\x0a\x07apps/v1\x12\x0dDeleteOptions";
  const body = `k8s\x00\x0a${String.fromCharCode(type.length)}${type}\x12${String.fromCharCode(raw.length)}${raw}`;
  expect(fromProtobuf(body)).toEqual({
    ok: true,
    value: { apiVersion: "apps/v1", kind: "DeleteOptions", gracePeriodSeconds: 0, dryRun: ["All"] },
  });
});

test.each([
  ["{}", "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"],
  ["k8s\x00\x0a\x7f", "unexpected EOF"],
  ["k8s\x00\x0b", "proto: illegal wireType 3"],
  [
    "k8s\x00\x0a\x0a\x0a\x02v9\x12\x04What",
    'no kind "What" is registered for version "v9" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  ],
  ["k8s\x00\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x02\x0a\x7f", "unexpected EOF"],
  ["k8s\x00\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x02\x08\x01", "proto: wrong wireType = 0 for field"],
])("refuses %j", (body, error) => {
  expect(fromProtobuf(body)).toEqual({ ok: false, error });
});
