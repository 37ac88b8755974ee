import type { Hosts } from "../../../host/index.ts";
import { networkOfHosts, type ConnectResult, type Namespace } from "../../../net/index.ts";
import { isStill, openWay, type OpenWay } from "../../access/open-way.ts";

/**
 * What a server's answer to a probe depends on: the way to it, and what its application says of itself. As long as both are
 * as they were the probe need not be made. Plain data.
 */
export interface Steady {
  readonly way: OpenWay;
  readonly application: string;
  readonly args: unknown;
  readonly machine: string;
  /** What the application's answers depended on (Application.answersBy). */
  readonly answers: string;
}

/** What an answer depends on that has come just now; undefined if nobody knows. */
export function steadyOf(ns: Namespace, attempt: ConnectResult): Steady | undefined {
  const way = openWay(ns, attempt);
  const end = attempt.trace?.delivery;
  const application = end?.socket?.application;
  if (!way || application === undefined) return undefined;
  const socket = { args: end!.socket!.args, machine: end!.ns.machine };
  const answers = ns.network.applications.get(application)?.answersBy?.(socket);
  return answers === undefined ? undefined : { way, application, ...socket, answers };
}

export function isSteady(hosts: Hosts, { way, application, args, machine, answers }: Steady): boolean {
  if (!isStill(hosts.kernel, way)) return false;
  return networkOfHosts(hosts).applications.get(application)?.answersBy?.({ args, machine }) === answers;
}
