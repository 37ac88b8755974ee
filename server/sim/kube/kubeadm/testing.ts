import { readFileSync } from "node:fs";
import { fromCalendar, MINUTE, type Time } from "../../kernel/index.ts";
import type { FileSpec } from "../../host/index.ts";
import { filesOf, kubeadmInit, kubeadmJoin, resolveCluster, type ClusterParameters, type Init } from "./index.ts";

export const CREATED: Time = fromCalendar(2026, 11, 16, 9, 3, 10);

export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

export function init(over: Partial<ClusterParameters> = {}): Init {
  const controlPlane = { name: "controlplane", address: "172.30.1.2" };
  return kubeadmInit(resolveCluster({ version: "v1.33.1", controlPlane, seed: 1, created: CREATED, ...over }));
}

/** The files of the control plane, or of the worker node01. */
export function files(started: Init, node: "controlplane" | "node01" = "controlplane"): FileSpec[] {
  if (node === "controlplane") return filesOf(started.phases);
  return filesOf(kubeadmJoin(started, { name: "node01", address: "172.30.2.2" }, CREATED + MINUTE).phases);
}

export function textOf(list: readonly FileSpec[], path: string): string {
  const file = list.find((each) => each.path === path);
  if (!file || !("text" in file)) throw new Error(`no text at ${path}`);
  return file.text;
}
