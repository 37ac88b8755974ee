import type { ApiError } from "../sessions/protocol/index.ts";

/** What can be wrong, with its HTTP status. */
const STATUS = {
  "bad-credentials": 401,
  "bad-name": 422,
  "bad-password": 422,
  "name-taken": 409,
  "unknown-account": 404,
  "unknown-session": 404,
  "unknown-invitation": 404,
  "last-admin": 409,
  "no-accounts": 409,
  "too-many-requests": 429,
} as const;

/** An error that its user can understand: what happened, what is safe, what to do. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code: keyof typeof STATUS;
  readonly help: string | undefined;

  constructor(code: keyof typeof STATUS, message: string, help?: string) {
    super(message);
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
