import type { ApiError } from "../sessions/protocol/index.ts";

/** What can be wrong, with its HTTP status. */
const STATUS = {
  "unknown-class": 404,
  "unknown-assignment": 404,
  "unknown-learner": 404,
  "unknown-instructor": 404,
  "last-instructor": 409,
  "unknown-lab": 404,
  "unknown-exam": 404,
  "bad-window": 422,
  "not-open-yet": 409,
  closed: 409,
  "already-taken": 409,
  "not-assigned": 409,
} as const;

/** An error that its user can understand: what happened, what is safe, what to do. */
export class ClassError extends Error {
  override readonly name = "ClassError";
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
