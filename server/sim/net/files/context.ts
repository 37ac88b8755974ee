import type { ViewContext } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { hostNamespace, namespaceOf } from "../program/network-of.ts";

/** The namespace that a file in /proc or /sys shows: that of the process which reads it. */
export function contextNamespace({ host, process }: ViewContext): Namespace {
  return process ? namespaceOf({ host, row: process }) : hostNamespace(host);
}
