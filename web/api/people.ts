import { z } from "zod";
import {
  AccountList,
  AccountSessions,
  AssignedList,
  Assignment,
  AssignmentResults,
  ClassList,
  ClassView,
  MadeInvitation,
  InvitationList,
  Me,
  OfferedInvitation,
  type AcceptInvitation,
  type ChangePassword,
  type NewAccount,
  type NewAssignment,
  type NewClassInvitation,
  type NewInvitation,
  type Role,
  type SetExtra,
  type SignIn,
} from "../../server/sessions/protocol/index.ts";
import { request } from "./request.ts";

const Done = z.unknown().transform(() => undefined);
const part = encodeURIComponent;
const send = (method: "POST" | "PUT" | "DELETE", path: string, body?: unknown) =>
  request(`/api/${path}`, Done, { method, ...(body === undefined ? {} : { body }) });

/** Where the results of an assignment are downloaded as a table, and where its progress is told. */
export const resultsCsv = (assignment: string): string => `/api/assignments/${part(assignment)}/results.csv`;
export const resultsJson = (assignment: string): string => `/api/assignments/${part(assignment)}/results`;
export const liveUrl = (assignment: string): string => `/api/assignments/${part(assignment)}/live`;

/** What the server offers about people: accounts, invitations, classes. Throws ApiError. */
export const people = {
  me: (signal?: AbortSignal) => request("/api/me", Me, { signal }),
  signIn: (body: SignIn) => request("/api/session", Me, { method: "POST", body }),
  signOut: () => send("DELETE", "session"),
  changePassword: (body: ChangePassword) => send("PUT", "me/password", body),
  sessions: (signal?: AbortSignal) => request("/api/me/sessions", AccountSessions, { signal }),
  endSession: (id: string) => send("DELETE", `me/sessions/${part(id)}`),

  showInvitation: (token: string) =>
    request("/api/invitations/show", OfferedInvitation, { method: "POST", body: { token }, safe: true }),
  accept: (body: AcceptInvitation) => request("/api/invitations/accept", Me, { method: "POST", body }),
  join: (token: string) => send("POST", "invitations/join", { token }),

  accounts: (signal?: AbortSignal) => request("/api/accounts", AccountList, { signal }),
  addAccount: (body: NewAccount) => send("POST", "accounts", body),
  setRole: (id: string, role: Role) => send("PUT", `accounts/${part(id)}/role`, { role }),
  setPassword: (id: string, password: string) => send("PUT", `accounts/${part(id)}/password`, { password }),
  removeAccount: (id: string) => send("DELETE", `accounts/${part(id)}`),
  invitations: (signal?: AbortSignal) => request("/api/invitations", InvitationList, { signal }),
  invite: (body: NewInvitation) => request("/api/invitations", MadeInvitation, { method: "POST", body }),
  removeInvitation: (id: string) => send("DELETE", `invitations/${part(id)}`),

  assigned: (signal?: AbortSignal) => request("/api/assigned", AssignedList, { signal }),
  classes: (signal?: AbortSignal) => request("/api/classes", ClassList, { signal }),
  addClass: (name: string) => request("/api/classes", ClassView, { method: "POST", body: { name } }),
  class: (id: string, signal?: AbortSignal) => request(`/api/classes/${part(id)}`, ClassView, { signal }),
  removeClass: (id: string) => send("DELETE", `classes/${part(id)}`),
  removeLearner: (id: string, learner: string) => send("DELETE", `classes/${part(id)}/learners/${part(learner)}`),
  addInstructor: (id: string, instructor: string) => send("POST", `classes/${part(id)}/instructors`, { instructor }),
  removeInstructor: (id: string, instructor: string) =>
    send("DELETE", `classes/${part(id)}/instructors/${part(instructor)}`),
  inviteToClass: (id: string, body: NewClassInvitation) =>
    request(`/api/classes/${part(id)}/invitations`, MadeInvitation, { method: "POST", body }),
  assign: (id: string, body: NewAssignment) =>
    request(`/api/classes/${part(id)}/assignments`, Assignment, { method: "POST", body }),
  unassign: (assignment: string) => send("DELETE", `assignments/${part(assignment)}`),
  setExtra: (assignment: string, body: SetExtra) => send("PUT", `assignments/${part(assignment)}/extra`, body),
  results: (assignment: string, signal?: AbortSignal) =>
    request(resultsJson(assignment), AssignmentResults, { signal }),
};

export const peopleKeys = {
  me: ["me"] as const,
  sessions: ["me", "sessions"] as const,
  accounts: ["accounts"] as const,
  invitations: ["invitations"] as const,
  assigned: ["assigned"] as const,
  classes: ["classes"] as const,
  class: (id: string) => ["classes", id] as const,
  results: (id: string) => ["assignments", id, "results"] as const,
};
