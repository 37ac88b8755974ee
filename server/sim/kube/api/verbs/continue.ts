import { errors } from "../status.ts";

/** Where a list goes on: after that key, as things were at that revision. */
export interface Continue {
  readonly after: string;
  /** -1: as they are now, with what changed in between. */
  readonly revision: number;
}

const VERSION = "meta.k8s.io/v1";

/** A continue token: base64 of JSON, as apiserver/pkg/storage/continue.go. */
export function writeContinue({ after, revision }: Continue): string {
  return Buffer.from(JSON.stringify({ v: VERSION, rv: revision, start: `${after}\u0000` })).toString("base64url");
}

export function readContinue(text: string): Continue {
  const bad = (why: string): Error => errors.badRequest(`invalid continue token: ${why}`);
  const wrong = /[^A-Za-z0-9_-]/.exec(text);
  if (wrong) throw bad(`continue key is not valid: illegal base64 data at input byte ${wrong.index}`);
  let token: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    token = JSON.parse(Buffer.from(text, "base64url").toString()) as typeof token;
  } catch {
    throw bad("continue key is not valid: invalid character in the token");
  }
  if (token.v !== VERSION)
    throw bad(
      `continue key is not valid: server does not recognize this encoded version ${typeof token.v === "string" ? token.v : ""}`,
    );
  if (typeof token.rv !== "number" || token.rv === 0)
    throw bad("continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  if (typeof token.start !== "string" || token.start === "")
    throw bad("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  if (/(^|\/)\.\.?(\/|$)/.test(token.start)) throw bad(`continue key is not valid: ${token.start}`);
  return { after: token.start.replace(/\u0000$/, ""), revision: token.rv };
}
