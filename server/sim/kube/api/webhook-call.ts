import type { JsonValue } from "./json.ts";
import type { WebhookClientConfig } from "./types/admissionregistration.ts";

/** A review that the server sends to a webhook. */
export interface WebhookCall {
  readonly config: WebhookClientConfig;
  readonly timeoutSeconds: number;
  readonly review: JsonValue;
}

/**
 * What came of it: the body of an answer of 200, or why there is none, as client-go's REST client says it (`Post "https://…":
 * dial tcp …`). `slow`: it took until the timeout.
 */
export type WebhookReply = { readonly body: string } | { readonly error: string; readonly slow: boolean };

/** Calls webhooks over the server's network. */
export type WebhookCaller = (call: WebhookCall) => WebhookReply;
