/** Something that the server did not do, in words for people: what happened, and what is safe or to do. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** For programs: the server's code, or `offline` (no answer came) or `unreadable` (an answer nobody understands). */
  readonly code: string;
  readonly help: string | undefined;
  /** HTTP's; 0 if no answer came. */
  readonly status: number;

  constructor(status: number, code: string, message: string, help?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.help = help;
  }

  /** Whether the same request may be answered a moment later. */
  get passing(): boolean {
    return (
      this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
    );
  }
}

/** The error for people, whatever was thrown. */
export function wordsOf(error: unknown): { readonly message: string; readonly help: string | undefined } {
  if (error instanceof ApiError) return { message: error.message, help: error.help };
  return { message: "Something in this page failed.", help: "Reload the page. Your cluster and clock go on." };
}
