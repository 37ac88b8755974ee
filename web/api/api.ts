import { z } from "zod";
import {
  AttemptManagement,
  AttemptReport,
  EarlierAttempts,
  Gradings,
  LastCheck,
  AttemptView,
  Catalogue,
  KubernetesAddress,
  type FlagTask,
  type GiveAnswer,
  type ReadHint,
  type StartAttempt,
} from "../../server/sessions/protocol/index.ts";
import { request } from "./request.ts";

const Nothing = z.unknown().transform(() => undefined);
const attempt = (id: string): string => `/api/attempts/${encodeURIComponent(id)}`;

/** Where a browser downloads the kubeconfig of a part's cluster. */
export function kubeconfigUrl(id: string, part: number): string {
  return `${attempt(id)}/parts/${part}/kubeconfig`;
}

/** Where a browser downloads the report of an attempt, as JSON. */
export function reportUrl(id: string): string {
  return `${attempt(id)}/report`;
}

/** All that the server offers over HTTP. What may be sent twice is sent again if no answer came. Throws ApiError. */
export const api = {
  catalogue: (signal?: AbortSignal) => request("/api/catalogue", Catalogue, { signal }),
  /** Something is likely to be started soon. */
  prepare: (order: StartAttempt) => request("/api/attempts/prepare", Nothing, { method: "POST", body: order }),
  start: (order: StartAttempt) => request("/api/attempts", AttemptView, { method: "POST", body: order }),
  attempt: (id: string, signal?: AbortSignal) => request(attempt(id), AttemptView, { signal }),
  answer: (id: string, given: GiveAnswer) =>
    request(`${attempt(id)}/answers`, Nothing, { method: "PUT", body: given, safe: true }),
  notes: (id: string, notes: string) =>
    request(`${attempt(id)}/notes`, Nothing, { method: "PUT", body: { notes }, safe: true }),
  flag: (id: string, flag: FlagTask) =>
    request(`${attempt(id)}/flags`, Nothing, { method: "PUT", body: flag, safe: true }),
  /** Reads the next hint: once, since it may cost points. */
  hint: (id: string, which: ReadHint) => request(`${attempt(id)}/hints`, AttemptView, { method: "POST", body: which }),
  /** Puts a part's cluster back to how the lab began. */
  reset: (id: string, part: number) => request(`${attempt(id)}/parts/${part}/reset`, Nothing, { method: "POST" }),
  /** Ends it without grading. */
  abandon: (id: string) => request(`${attempt(id)}/abandon`, Nothing, { method: "POST" }),
  check: (id: string) => request(`${attempt(id)}/check`, AttemptReport, { method: "POST" }),
  /** What "check now" found last. */
  lastCheck: async (id: string, signal?: AbortSignal) =>
    (await request(`${attempt(id)}/check`, LastCheck, { signal })).report,
  /** Where the Kubernetes API of a part's cluster is. */
  kubernetes: (id: string, part: number, signal?: AbortSignal) =>
    request(`${attempt(id)}/parts/${part}/kubernetes`, KubernetesAddress, { signal }),
  submit: (id: string) => request(`${attempt(id)}/submit`, AttemptReport, { method: "POST" }),
  report: (id: string, signal?: AbortSignal) => request(`${attempt(id)}/report`, AttemptReport, { signal }),
  /** All reports of a graded attempt. */
  gradings: (id: string, signal?: AbortSignal) => request(`${attempt(id)}/gradings`, Gradings, { signal }),
  /** Other graded attempts at the same lab or exam, the newest first. */
  earlier: async (id: string, signal?: AbortSignal) =>
    (await request(`${attempt(id)}/earlier`, EarlierAttempts, { signal })).attempts,
  /** For instructors. */
  management: (id: string, signal?: AbortSignal) => request(`${attempt(id)}/management`, AttemptManagement, { signal }),
  giveTime: (id: string, minutes: number) =>
    request(`${attempt(id)}/extra-time`, AttemptManagement, { method: "POST", body: { minutes } }),
  pause: (id: string) => request(`${attempt(id)}/pause`, AttemptManagement, { method: "POST" }),
  resume: (id: string) => request(`${attempt(id)}/resume`, AttemptManagement, { method: "POST" }),
  regrade: (id: string) => request(`${attempt(id)}/regrade`, Gradings, { method: "POST" }),
};
