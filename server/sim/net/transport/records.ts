import type { Bytes } from "../../kernel/index.ts";
import { u16, u8 } from "../capture/octets.ts";
import type { ClientHello, TlsAlert, TlsSession } from "./tls.ts";

/** What of TLS can be seen on the wire: the lengths of records, and nothing of what is in them (RFC 8446, 5). */

const ALERT = 0x15;
const HANDSHAKE = 0x16;
const APPLICATION_DATA = 0x17;
const CHANGE_CIPHER = "\x14\x03\x03\x00\x01\x01";
/** As much as a record holds. */
const RECORD = 16_384;
const NOISE_BYTES = 65_536;

let noiseBytes: Bytes | undefined;

/** Bytes that look like chance; which of them is a matter of `at`. */
function noise(length: number, at: number): Bytes {
  if (noiseBytes === undefined) {
    const codes = new Uint8Array(NOISE_BYTES + RECORD + 64);
    for (let index = 0, state = 0x9e37_79b9; index < codes.length; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      codes[index] = state >>> 24;
    }
    noiseBytes = Buffer.from(codes).toString("latin1");
  }
  const start = Math.imul(at, 2_654_435_761) >>> 16;
  return noiseBytes.slice(start, start + length);
}

function record(type: number, body: Bytes): Bytes {
  return `${u8(type)}\x03\x03${u16(body.length)}${body}`;
}

/** Bytes of a stream as they go over the wire: encrypted records. `at`: where in the stream they stand. */
export function sealed(bytes: Bytes, { version }: TlsSession, at: number): Bytes {
  // 1.3 hides the type in the record; 1.2 sends a part of the nonce along. Both add a tag of 16 bytes.
  const more = version === "TLSv1.3" ? 17 : 24;
  let out = "";
  for (let start = 0; start < bytes.length; start += RECORD) {
    const length = Math.min(RECORD, bytes.length - start) + more;
    out += record(APPLICATION_DATA, noise(length, at + start));
  }
  return out;
}

/** The hello of a client, in which the server's name can be read. OpenSSL fills it up to 512 bytes. */
export function clientHello(hello: ClientHello, at: number): Bytes {
  const { serverName, alpn = [] } = hello;
  const name = serverName === undefined ? "" : extension(0, u16(serverName.length + 3) + u8(0) + u16(serverName.length) + serverName); // prettier-ignore
  const protocols = alpn.map((one) => u8(one.length) + one).join("");
  const chosen = protocols === "" ? "" : extension(16, u16(protocols.length) + protocols);
  const start = `\x03\x03${noise(32, at)}\x20${noise(32, at + 1)}${u16(62)}${noise(62, 7)}\x01\x00`;
  const known = name + chosen + extension(43, "\x04\x03\x04\x03\x03") + extension(51, `\x00\x24\x00\x1d\x00\x20${noise(32, at + 2)}`); // prettier-ignore
  const room = Math.max(0, 508 - start.length - 2 - known.length - 4);
  const extensions = known + extension(21, "\0".repeat(room));
  const body = `${start}${u16(extensions.length)}${extensions}`;
  const message = `\x01\x00${u16(body.length)}${body}`;
  return `\x16\x03\x01${u16(message.length)}${message}`;
}

function extension(type: number, body: Bytes): Bytes {
  return u16(type) + u16(body.length) + body;
}

/** What a server answers to a hello: with TLS 1.3 its certificates are hidden already, with 1.2 they can be read. */
export function serverFlight({ version, serverChain }: TlsSession, at: number): Bytes {
  const chain = serverChain.map((pem) => derOf(pem));
  const certificates = chain.reduce((sum, der) => sum + der.length + 5, 8);
  const hello = record(HANDSHAKE, `\x02\x00\x00\x76\x03\x03${noise(116, at)}`);
  // Extensions, certificates, their signature, the end: each in a record of its own.
  if (version === "TLSv1.3")
    return `${hello}${CHANGE_CIPHER}${[10, certificates, 264, 52].map((length, index) => record(APPLICATION_DATA, noise(length + 17, at + index))).join("")}`;
  const list = chain.map((der) => `\x00${u16(der.length)}${der}`).join("");
  const message = `\x0b\x00${u16(list.length + 3)}\x00${u16(list.length)}${list}`;
  return `${hello}${record(HANDSHAKE, message)}${record(HANDSHAKE, `\x0c\x00\x01\x28${noise(296, at)}`)}${record(HANDSHAKE, "\x0e\0\0\0")}`;
}

/** How a client ends the handshake. */
export function clientFinished({ version, clientChain = [] }: TlsSession, at: number): Bytes {
  const own = clientChain.reduce((sum, pem) => sum + derOf(pem).length + 5, 0);
  if (version === "TLSv1.3")
    return `${CHANGE_CIPHER}${own > 0 ? record(APPLICATION_DATA, noise(own + 290, at)) : ""}${record(APPLICATION_DATA, noise(52 + 17, at))}`;
  return `${record(HANDSHAKE, `\x10\x00\x00\x21\x20${noise(32, at)}`)}${CHANGE_CIPHER}${record(HANDSHAKE, noise(40, at))}`;
}

export function alertRecord(alert: TlsAlert): Bytes {
  return record(ALERT, `\x02${u8(ALERT_NUMBERS[alert])}`);
}

const ALERT_NUMBERS: Readonly<Record<TlsAlert, number>> = {
  handshake_failure: 40,
  bad_certificate: 42,
  unknown_ca: 48,
  protocol_version: 70,
  internal_error: 80,
  unrecognized_name: 112,
  certificate_required: 116,
};

const ders = new Map<string, Bytes>();
const DERS = 256;

/** Servers show the same few certificates all the time. */
function derOf(pem: string): Bytes {
  let der = ders.get(pem);
  if (der === undefined) {
    der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64").toString("latin1");
    if (ders.size >= DERS) ders.clear();
    ders.set(pem, der);
  }
  return der;
}
