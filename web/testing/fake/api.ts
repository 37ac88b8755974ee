import type { IncomingMessage, ServerResponse } from "node:http";
import type { AttemptView } from "../../../server/sessions/protocol/index.ts";
import { catalogues } from "./catalogue.ts";
import { reports } from "./reports.ts";

/**
 * Answers as the server does, from recorded data. `?scene=` of the page chooses the catalogue (`usual`, `first`,
 * `empty`) or how it fails (`error`, `slow`).
 */
export async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://fake");
  const scene = new URL(request.headers.referer ?? "/", "http://fake").searchParams.get("scene") ?? "usual";
  const [, id, what] = /^\/api\/attempts\/([^/]+)(?:\/(.*))?$/.exec(pathname) ?? [];
  const send = (status: number, body?: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  if (scene === "slow") await new Promise((go) => setTimeout(go, 60_000));
  if (scene === "error")
    return send(503, {
      code: "storage-failed",
      message: "The catalogue cannot be read: the data folder does not answer.",
      help: "Nothing that was stored is lost. Check the disk of the server, then try again.",
    });
  if (pathname === "/api/me") return send(200, { user: { id: "local", name: "You", role: "admin" }, accounts: false });
  if (pathname === "/api/assigned") return send(200, { now: Date.now(), assigned: [] });
  if (pathname === "/api/catalogue") return send(200, (catalogues[scene as "usual"] ?? catalogues.usual)());
  if (pathname === "/api/attempts") return send(201, opened());
  if (id === undefined) return send(404, { code: "unknown-route", message: "There is no such address." });
  const report = reports[id];
  if (what === "report" || what === "check") {
    if (report) return send(200, what === "check" ? { report: report() } : report());
    if (id.startsWith("open")) return send(409, { code: "not-graded", message: "This attempt is not graded yet." });
  }
  if (what === undefined && id.startsWith("open")) return send(200, opened());
  return send(404, {
    code: "unknown-attempt",
    message: "There is no such attempt.",
    help: "It may have been started on another server.",
  });
}

function opened(): AttemptView {
  return {
    id: "open-lab",
    kind: "lab",
    of: "lost-endpoints",
    title: "Lost endpoints",
    state: "open",
    startedAt: Date.now(),
    endsAt: null,
    submittedAt: null,
    percent: null,
    now: Date.now(),
    minutes: 6,
    pass: null,
    notes: "",
    parts: [],
  };
}
