/** A socket as the connection needs it; a browser's WebSocket is one, and so is a test's. */
export interface Wire {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface WireEvents {
  opened(): void;
  received(data: string | Uint8Array): void;
  /** Once, also when it never opened. Nothing follows. */
  closed(code: number, reason: string): void;
}

export type OpenWire = (events: WireEvents) => Wire;

export interface Timers {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}

export const browserTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A WebSocket to a path of this page's own server. */
export function webSocket(path: string): OpenWire {
  return (events) => {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => events.opened());
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) =>
      events.received(typeof data === "string" ? data : new Uint8Array(data)),
    );
    socket.addEventListener("close", ({ code, reason }) => events.closed(code, reason));
    return {
      send(data) {
        // Between the server's goodbye and `closed` nobody hears what is sent.
        if (socket.readyState === WebSocket.OPEN) socket.send(data);
      },
      close: () => socket.close(),
    };
  };
}
