import { z } from "zod";
import {
  AttemptView,
  AuthoredLabs,
  DraftCheck,
  ProofEvent,
  StoredLab,
  VersionFiles,
  type AuthoredKind,
  type LabDraft,
  type ProveDraft,
  type SaveLab,
  type TryDraft,
} from "../../server/sessions/protocol/index.ts";
import { ApiError, request } from "../api/index.ts";

/** What the server does for those who write labs. Throws ApiError. */
export const authoringApi = {
  labs: (signal?: AbortSignal) => request("/api/authoring", AuthoredLabs, { signal }),
  lab: (name: string, signal?: AbortSignal) => request(`/api/authoring/labs/${name}`, StoredLab, { signal }),
  version: (name: string, number: number, signal?: AbortSignal) =>
    request(`/api/authoring/labs/${name}/versions/${number}`, VersionFiles, { signal }),
  template: (of: AuthoredKind, name: string) => request(`/api/authoring/labs/${name}/template?of=${of}`, VersionFiles),
  schema: (of: AuthoredKind, signal?: AbortSignal) =>
    request(`/api/authoring/schema?of=${of}`, z.looseObject({}), { signal }),
  check: (draft: LabDraft, signal?: AbortSignal) =>
    request("/api/authoring/check", DraftCheck, { method: "POST", body: draft, signal, safe: true }),
  try: (order: TryDraft) => request("/api/authoring/try", AttemptView, { method: "POST", body: order }),
  save: (name: string, order: SaveLab) =>
    request(`/api/authoring/labs/${name}`, StoredLab, { method: "PUT", body: order, safe: true }),
};

/** Proves a draft; `hear` gets what comes of it, when it comes. Aborting cancels it. Throws ApiError. */
export async function proveDraft(
  order: ProveDraft,
  hear: (event: ProofEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const gone = (): ApiError =>
    new ApiError(
      0,
      "offline",
      "Drydock does not answer.",
      "Your draft is kept. Prove it again when the server is back.",
    );
  let response: Response;
  try {
    response = await fetch("/api/authoring/prove", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(order),
      signal,
    });
  } catch (error) {
    throw signal.aborted ? error : gone();
  }
  if (!response.ok || response.body === null) throw await refusal(response);
  let text = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let last: ProofEvent["kind"] | undefined;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
      const lines = text.split("\n");
      text = lines.pop()!;
      for (const line of lines.filter((each) => each !== "")) {
        const event = ProofEvent.parse(JSON.parse(line));
        last = event.kind;
        hear(event);
      }
    }
  } catch (error) {
    if (signal.aborted || error instanceof z.ZodError) throw error;
    throw gone();
  }
  if (last !== "judged" && last !== "ended") throw gone();
}

async function refusal(response: Response): Promise<ApiError> {
  const words = z
    .object({ code: z.string(), message: z.string(), help: z.string().optional() })
    .safeParse(await response.json().catch(() => undefined));
  if (!words.success) return new ApiError(response.status, "unreadable", "The server answered with an error.");
  return new ApiError(response.status, words.data.code, words.data.message, words.data.help);
}
