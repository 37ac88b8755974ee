import type { WorkerErrorCode } from "../protocol/index.ts";

/** A request that cannot be fulfilled, in words for people. */
export class Refused extends Error {
  readonly code: WorkerErrorCode;

  constructor(code: WorkerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
