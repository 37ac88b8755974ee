import type { Bytes } from "../../sim/kernel/index.ts";

const HELP = (escape: string): string =>
  `${escape}?\r
Supported escape sequences:\r
 ${escape}.   - terminate connection (and any multiplexed sessions)\r
 ${escape}?   - this message\r
 ${escape}${escape}  - send the escape character by typing it twice\r
(Note that escapes are only recognized immediately after newline.)\r
`;

/** Commands behind the escape character that OpenSSH has and this one does not. */
const OTHERS = "BCDRVv#&\x1a";

/** What becomes of typed bytes. */
export interface Typed {
  /** Goes to the other side. */
  readonly send: Bytes;
  /** Is shown to the caller. */
  readonly say: string;
  /** The connection ends behind it. */
  readonly over: boolean;
}

/** Finds escapes in what is typed: only behind a newline (OpenSSH clientloop.c process_escapes). */
export class Escapes {
  /** One character; undefined: none is. */
  readonly #escape: string | undefined;
  #state: "begin" | "escape" | "middle" = "begin";

  constructor(escape: string | undefined) {
    this.#escape = escape;
  }

  take(bytes: Bytes): Typed {
    if (this.#escape === undefined) return { send: bytes, say: "", over: false };
    let [send, say] = ["", ""];
    for (const byte of bytes) {
      if (this.#state === "escape") {
        this.#state = "begin";
        if (byte === ".") return { send, say: `${say}${this.#escape}.\r\n`, over: true };
        if (byte === "?") {
          say += HELP(this.#escape);
          continue;
        }
        if (OTHERS.includes(byte)) {
          const name = byte === "\x1a" ? "^Z" : byte;
          say += `drydock: ssh: '${this.#escape}${name}' is not simulated\r\n`;
          continue;
        }
        if (byte !== this.#escape) send += this.#escape;
      } else if (this.#state === "begin" && byte === this.#escape) {
        this.#state = "escape";
        continue;
      }
      this.#state = byte === "\r" || byte === "\n" ? "begin" : "middle";
      send += byte;
    }
    return { send, say, over: false };
  }
}
