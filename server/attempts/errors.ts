import type { ApiError } from "../sessions/protocol/index.ts";

/** What can be wrong with a request, with its HTTP status. */
const STATUS = {
  "unknown-attempt": 404,
  "unknown-lab": 404,
  "unknown-exam": 404,
  "unknown-part": 404,
  "unknown-terminal": 404,
  "unknown-task": 404,
  "unknown-question": 404,
  "unknown-check": 404,
  "unknown-comment": 404,
  "too-many-points": 400,
  "no-hint": 409,
  "not-open": 409,
  "already-submitted": 409,
  "not-graded": 409,
  paused: 409,
  "not-paused": 409,
  "no-end": 409,
  "no-extra-time": 409,
  "nothing-kept": 409,
  "not-in-exam": 409,
  "too-many-resets": 409,
  "kubernetes-api-off": 403,
  "too-many-terminals": 409,
  "bad-lab": 422,
  "unknown-draft": 404,
  "bad-draft": 422,
  "draft-failed": 422,
  "changed-on-disk": 409,
  "no-authoring-folder": 409,
  "prover-busy": 429,
  "too-many-drafts": 409,
  "bad-request": 400,
  "storage-full": 507,
  "storage-failed": 503,
  "server-full": 503,
  assigned: 403,
  "session-failed": 503,
  "replay-failed": 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** An error that its user can understand: what happened, what is safe, what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: ErrorCode;
  readonly help: string | undefined;

  constructor(code: ErrorCode, message: string, help?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.help = help;
  }

  get status(): number {
    return STATUS[this.code];
  }

  toJSON(): ApiError {
    return { code: this.code, message: this.message, ...(this.help === undefined ? {} : { help: this.help }) };
  }
}
