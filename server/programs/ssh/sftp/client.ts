import type { Bytes } from "../../../sim/kernel/index.ts";
import { KIND, OPEN, Packets, PacketReader, PacketWriter, STATUS, type Attributes } from "./packet.ts";

/** The way to an sftp-server. */
export interface Stream {
  send(bytes: Bytes): void | Promise<void>;
  /** `""` when there is nothing more to come. */
  receive(): Promise<Bytes>;
  /** Nothing more is sent: the server ends. */
  end(): void;
  close(): void;
}

/** What the server says in place of an answer. */
export class SftpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** The server is gone. */
export class ConnectionClosed extends Error {}

/** So many requests of so many bytes are under way at once (sftp-client.h). */
const REQUESTS = 64;
export const PIECE = 32_768;

/** A client's side of SFTP: requests by number, each with its answer. Throws SftpError and ConnectionClosed. */
export class Sftp {
  readonly #stream: Stream;
  readonly #packets = new Packets();
  #numbers = 0;

  private constructor(stream: Stream) {
    this.#stream = stream;
  }

  static async over(stream: Stream): Promise<Sftp> {
    const sftp = new Sftp(stream);
    await stream.send(new PacketWriter().u8(KIND.init).u32(3).packet);
    await sftp.#next();
    return sftp;
  }

  /** Lets the server end, and waits for that. */
  async finish(): Promise<void> {
    this.#stream.end();
    while ((await this.#stream.receive()) !== "");
  }

  close(): void {
    this.#stream.close();
  }

  /** Undefined if there is nothing, or it may not be seen. */
  async stat(path: string): Promise<Attributes | undefined> {
    await this.#ask(KIND.stat, (packet) => packet.text(path));
    const answer = await this.#answer();
    return answer.kind === KIND.attrs ? answer.packet.attributes() : undefined;
  }

  async isDirectory(path: string): Promise<boolean> {
    return (((await this.stat(path))?.mode ?? 0) & 0o170000) === 0o040000;
  }

  async realpath(path: string): Promise<string> {
    await this.#ask(KIND.realpath, (packet) => packet.text(path));
    const packet = await this.#expect(KIND.name);
    packet.u32();
    return packet.text();
  }

  async mkdir(path: string, attributes: Attributes): Promise<void> {
    await this.#ask(KIND.mkdir, (packet) => packet.text(path).attributes(attributes));
    await this.#done();
  }

  async set(path: string, attributes: Attributes): Promise<void> {
    await this.#ask(KIND.setstat, (packet) => packet.text(path).attributes(attributes));
    await this.#done();
  }

  async setOpen(handle: Bytes, attributes: Attributes): Promise<void> {
    await this.#ask(KIND.fsetstat, (packet) => packet.bytes(handle).attributes(attributes));
    await this.#done();
  }

  /** What is in a directory, but itself and its parent. */
  async list(path: string): Promise<{ readonly name: string; readonly attributes: Attributes }[]> {
    await this.#ask(KIND.opendir, (packet) => packet.text(path));
    const handle = (await this.#expect(KIND.handle)).bytes();
    const names: { name: string; attributes: Attributes }[] = [];
    for (;;) {
      await this.#ask(KIND.readdir, (packet) => packet.bytes(handle));
      const { kind, packet } = await this.#answer();
      if (kind !== KIND.name) break;
      for (let count = packet.u32(); count > 0; count--) {
        const name = packet.text();
        packet.text();
        names.push({ name, attributes: packet.attributes() });
      }
    }
    await this.closeFile(handle);
    return names.filter(({ name }) => name !== "." && name !== "..");
  }

  /** A handle for reading. */
  async openToRead(path: string): Promise<Bytes> {
    await this.#ask(KIND.open, (packet) => packet.text(path).u32(OPEN.read).attributes({}));
    return (await this.#expect(KIND.handle)).bytes();
  }

  /** A handle for writing all of a file anew. */
  async openToWrite(path: string, attributes: Attributes): Promise<Bytes> {
    const flags = OPEN.write | OPEN.create | OPEN.truncate;
    await this.#ask(KIND.open, (packet) => packet.text(path).u32(flags).attributes(attributes));
    return (await this.#expect(KIND.handle)).bytes();
  }

  async closeFile(handle: Bytes): Promise<void> {
    await this.#ask(KIND.close, (packet) => packet.bytes(handle));
    await this.#done();
  }

  /** All of a file in pieces, as they come. One whose size is not known (in /proc) is asked for one by one. */
  async *read(handle: Bytes, size: number): AsyncGenerator<Bytes, void, void> {
    let [asked, got, waiting] = [0, 0, 0];
    for (;;) {
      const most = asked < size ? REQUESTS : 1;
      while (waiting < most && (asked < size || waiting === 0)) {
        const offset = asked < size ? asked : got;
        await this.#ask(KIND.read, (packet) => packet.bytes(handle).u64(offset).u32(PIECE));
        asked = offset + PIECE;
        waiting++;
      }
      const { kind, packet } = await this.#answer();
      waiting--;
      if (kind === KIND.status) {
        const status = packet.u32();
        for (; waiting > 0; waiting--) await this.#answer();
        if (status === STATUS.eof) return;
        throw new SftpError(status);
      }
      const bytes = packet.bytes();
      got += bytes.length;
      yield bytes;
    }
  }

  /** Writes a file from its start; `told` hears how many bytes have arrived. */
  async write(handle: Bytes, data: Bytes, told: (bytes: number) => Promise<void>): Promise<void> {
    const pieces: number[] = [];
    let failed: number | undefined;
    const arrived = async (): Promise<void> => {
      const packet = await this.#expectStatus();
      const length = pieces.shift()!;
      if (packet === STATUS.ok) await told(length);
      else failed ??= packet;
    };
    for (let at = 0; at < data.length && failed === undefined; at += PIECE) {
      const piece = data.slice(at, at + PIECE);
      await this.#ask(KIND.write, (packet) => packet.bytes(handle).u64(at).bytes(piece));
      pieces.push(piece.length);
      if (pieces.length >= REQUESTS) await arrived();
    }
    while (pieces.length > 0) await arrived();
    if (failed !== undefined) throw new SftpError(failed);
  }

  async #ask(kind: number, write: (packet: PacketWriter) => PacketWriter): Promise<void> {
    await this.#stream.send(write(new PacketWriter().u8(kind).u32(this.#numbers++)).packet);
  }

  async #done(): Promise<void> {
    const status = await this.#expectStatus();
    if (status !== STATUS.ok) throw new SftpError(status);
  }

  async #expectStatus(): Promise<number> {
    const { kind, packet } = await this.#answer();
    return kind === KIND.status ? packet.u32() : STATUS.badMessage;
  }

  async #expect(wanted: number): Promise<PacketReader> {
    const { kind, packet } = await this.#answer();
    if (kind === wanted) return packet;
    throw new SftpError(kind === KIND.status ? packet.u32() : STATUS.badMessage);
  }

  /** Answers come in the order of the requests. */
  async #answer(): Promise<{ kind: number; packet: PacketReader }> {
    const packet = new PacketReader(await this.#next());
    const kind = packet.u8();
    packet.u32();
    return { kind, packet };
  }

  async #next(): Promise<Bytes> {
    for (;;) {
      const body = this.#packets.next();
      if (body !== undefined) return body;
      const bytes = await this.#stream.receive();
      if (bytes === "") throw new ConnectionClosed();
      this.#packets.add(bytes);
    }
  }
}
