import type { ApiEvent, ApiHandle, ApiPort, OutsideRequest, ToWorker } from "../protocol/index.ts";
import type { Logger } from "./logger.ts";

/** Calls that wait for a session that is being built again; more are turned away. */
const MOST_HELD = 256;

export interface Line {
  /** The session can be sent something now. */
  readonly live: boolean;
  post(message: ToWorker): void;
  /** Somebody waits for a session that is not there. */
  want(): void;
}

interface Call {
  readonly asked: OutsideRequest;
  readonly hear: (event: ApiEvent) => void;
  /** It is with the worker. */
  sent: boolean;
}

/** The calls to a session's Kubernetes API that are under way, by number. What a worker had is lost with it. */
export class ApiCalls implements ApiPort {
  readonly #session: string;
  readonly #line: Line;
  readonly #logger: Logger;
  readonly #calls = new Map<number, Call>();
  #numbers = 0;

  constructor(session: string, line: Line, logger: Logger) {
    this.#session = session;
    this.#line = line;
    this.#logger = logger;
  }

  /** Somebody waits for an answer. */
  get waiting(): boolean {
    return this.#calls.size > 0;
  }

  call(asked: OutsideRequest, hear: (event: ApiEvent) => void): ApiHandle {
    const number = ++this.#numbers;
    const call: Call = { asked, hear, sent: false };
    const session = this.#session;
    if (!this.#line.live && this.#calls.size >= MOST_HELD)
      queueMicrotask(() => hear({ type: "refused", call: number }));
    else {
      this.#calls.set(number, call);
      if (this.#line.live) this.#send(number, call);
      else this.#line.want();
    }
    return {
      input: (frame) => {
        if (this.#calls.get(number)?.sent) this.#line.post({ kind: "api-frame", session, call: number, frame });
      },
      taken: (bytes) => {
        if (this.#calls.get(number)?.sent) this.#line.post({ kind: "api-taken", session, call: number, bytes });
      },
      cut: () => {
        const { sent } = this.#calls.get(number) ?? {};
        this.#calls.delete(number);
        if (sent && this.#line.live) this.#line.post({ kind: "api-cut", session, call: number });
      },
    };
  }

  /** The session is there: what waited goes to it. */
  live(): void {
    for (const [number, call] of this.#calls) this.#send(number, call);
  }

  take(events: readonly ApiEvent[]): void {
    for (const event of events) {
      const call = this.#calls.get(event.call);
      if (!call) continue;
      if (isLast(event)) this.#calls.delete(event.call);
      this.#tell(call, event);
    }
  }

  /** The worker is gone, and with it what it was asked. What it was not sent waits on. */
  lost(): void {
    this.#refuse((call) => call.sent);
  }

  /** The session will not be there. */
  failed(): void {
    this.#refuse(() => true);
  }

  #send(number: number, call: Call): void {
    call.sent = true;
    this.#line.post({ kind: "api-call", session: this.#session, call: number, asked: call.asked });
  }

  #refuse(which: (call: Call) => boolean): void {
    for (const [number, call] of Array.from(this.#calls)) {
      if (!which(call)) continue;
      this.#calls.delete(number);
      this.#tell(call, { type: "refused", call: number });
    }
  }

  /** A client that throws must not harm the others. */
  #tell(call: Call, event: ApiEvent): void {
    try {
      call.hear(event);
    } catch (error) {
      this.#logger.error({ err: error }, "a client of the Kubernetes API failed");
    }
  }
}

/** Whether nothing more comes of a call. */
export function isLast(event: ApiEvent): boolean {
  return event.type === "end" || event.type === "refused" || (event.type === "head" && event.body !== null);
}
