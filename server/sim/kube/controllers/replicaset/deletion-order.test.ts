import { describe, expect, test } from "vitest";
import { fromCalendar, MINUTE, rfc3339 } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";
import { deletionOrder } from "./deletion-order.ts";

const NOW = fromCalendar(2026, 11, 21, 10);

interface Shape {
  readonly node?: string;
  readonly phase?: string;
  /** How long it has been ready, in minutes. */
  readonly ready?: number;
  /** How old it is, in minutes. */
  readonly age?: number;
  readonly cost?: string;
  readonly restarts?: number;
}

function pod(name: string, { node, phase = "Running", ready, age = 60, cost, restarts = 0 }: Shape): Pod {
  const at = (minutes: number): string => rfc3339(NOW - minutes * MINUTE);
  return {
    metadata: {
      name,
      uid: name,
      resourceVersion: "1",
      creationTimestamp: at(age),
      ...(cost !== undefined && { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: { containers: [], ...(node !== undefined && { nodeName: node }) },
    status: {
      phase,
      conditions: ready === undefined ? [] : [{ type: "Ready", status: "True", lastTransitionTime: at(ready) }],
      containerStatuses: [{ name: "c", image: "i", imageID: "", ready: true, restartCount: restarts }],
    },
  } as unknown as Pod;
}

function order(shapes: Record<string, Shape>): string[] {
  const pods = Object.entries(shapes).map(([name, shape]) => pod(name, shape));
  return deletionOrder(pods, pods, NOW).map(({ metadata }) => metadata.name);
}

describe("Pods go in the order of upstream's ranks:", () => {
  test.each<[why: string, first: Shape, second: Shape]>([
    ["without a node before with one", { phase: "Running", ready: 50 }, { node: "a", phase: "Pending" }],
    ["pending before unknown", { node: "a", phase: "Pending" }, { node: "b", phase: "Unknown" }],
    ["unknown before running", { node: "a", phase: "Unknown" }, { node: "b", phase: "Running" }],
    ["unready before ready", { node: "a" }, { node: "b", ready: 1 }],
    ["cheap before dear", { node: "a", ready: 1, cost: "-5" }, { node: "b", ready: 50 }],
    ["dear after those without a price", { node: "a", ready: 50 }, { node: "b", ready: 1, cost: "7" }],
    ["shortly ready before long ready", { node: "a", ready: 1 }, { node: "b", ready: 50 }],
    [
      "often restarted before never restarted",
      { node: "a", ready: 9, restarts: 3 },
      { node: "b", ready: 9, restarts: 1 },
    ],
    ["young before old", { node: "a", ready: 9, age: 10 }, { node: "b", ready: 9, age: 50 }],
  ])("%s", (_, first, second) => {
    expect(order({ one: second, two: first })).toEqual(["two", "one"]);
    expect(order({ one: first, two: second })).toEqual(["one", "two"]);
  });

  test("those on a fuller node before those that are alone, whatever their age", () => {
    const ready = 50;
    expect(order({ alone: { node: "b", ready: 1 }, x: { node: "a", ready }, y: { node: "a", ready } })).toEqual([
      "x",
      "y",
      "alone",
    ]);
  });

  test("of those that are ready for about as long, the uid decides", () => {
    expect(order({ b: { node: "x", ready: 50 }, a: { node: "y", ready: 51 } })).toEqual(["a", "b"]);
  });

  test("a price that is no number is none", () => {
    expect(order({ one: { node: "a", ready: 50, cost: "01" }, two: { node: "b", ready: 1 } })).toEqual(["two", "one"]);
  });
});
