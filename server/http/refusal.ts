import type { ApiError } from "../sessions/protocol/index.ts";

/** A request that the HTTP layer itself does not let through, in words for people. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly help: string | undefined;

  constructor(status: number, code: string, message: string, help?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.help = help;
  }

  toJSON(): ApiError {
    return { code: this.code, message: this.message, ...(this.help === undefined ? {} : { help: this.help }) };
  }
}
