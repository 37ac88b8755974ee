import type { ZodType } from "zod";
import { ApiError as ErrorBody } from "../../server/sessions/protocol/index.ts";
import { ApiError } from "./api-error.ts";

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** May be sent again if no answer came: true for what has the same effect twice. */
  readonly safe?: boolean;
}

const WAITS = [250, 1000];

/** Asks the server and parses its answer with `schema`. Throws ApiError; an abort throws as fetch does. */
export async function request<T>(path: string, schema: ZodType<T>, options: RequestOptions = {}): Promise<T> {
  const safe = options.safe ?? (options.method ?? "GET") === "GET";
  for (let tries = 0; ; tries++) {
    try {
      return await once(path, schema, options);
    } catch (error) {
      const wait = WAITS[tries];
      if (!safe || wait === undefined || !(error instanceof ApiError) || !error.passing) throw error;
      await new Promise((go) => setTimeout(go, wait));
      options.signal?.throwIfAborted();
    }
  }
}

async function once<T>(path: string, schema: ZodType<T>, { method, body, signal }: RequestOptions): Promise<T> {
  const response = await fetch(path, {
    method: method ?? "GET",
    signal: signal ?? null,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(
      0,
      "offline",
      "Drydock does not answer.",
      "Your clusters and answers are kept on the server. Check that it runs, then try again.",
    );
  });
  const text = await response.text();
  const answer = text === "" ? undefined : parseJson(text);
  if (!response.ok) {
    const words = ErrorBody.safeParse(answer);
    if (words.success) throw new ApiError(response.status, words.data.code, words.data.message, words.data.help);
    if (response.status >= 502 && response.status <= 504)
      throw new ApiError(
        response.status,
        "offline",
        "Drydock does not answer.",
        "Check that its server runs, then try again.",
      );
    throw new ApiError(response.status, "unreadable", `The server answered with an error (${response.status}).`);
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ApiError(
    response.status,
    "unreadable",
    "The server's answer does not fit this page.",
    "The page may be older than the server: reload it.",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
