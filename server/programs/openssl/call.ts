import { attempt, Errno, errnoNumber, open, readAll, type Process } from "../../sim/host/index.ts";
import { encode, type Bytes } from "../../sim/kernel/index.ts";
import { optionTable, type Command } from "./command.ts";
import { Failure, openErrors, type QueuedError } from "./failure.ts";

/** An option as given; for digests and ciphers (`-sha256`) `name` is `*` and the value its name. */
export interface GivenOption {
  readonly name: string;
  readonly value: string;
}

/** One run of one of openssl's programs: its options, files and messages. */
export class Call {
  readonly process: Process;
  readonly command: Command;
  readonly given: readonly GivenOption[];
  readonly operands: readonly string[];
  readonly name: string;
  /** How error lines begin: the thread's number. */
  readonly thread: string;

  /** `name` is how the program was called: `sha256` is `dgst`. Throws Failure for options that are wrong. */
  constructor(process: Process, command: Command, args: readonly string[], name = command.name) {
    this.process = process;
    this.command = command;
    this.name = name;
    this.thread =
      `40${process.kernel.random.hex("openssl/thread", 1)}6${process.kernel.random.hex("openssl/thread", 6)}7F0000`.toUpperCase();
    const { given, rest } = this.#parse(args);
    this.given = given;
    this.operands = rest;
  }

  has(option: string): boolean {
    return this.given.some(({ name }) => name === option);
  }

  /** The value that was given last. */
  value(option: string): string | undefined {
    return this.given.findLast(({ name }) => name === option)?.value;
  }

  values(option: string): string[] {
    return this.given.flatMap(({ name, value }) => (name === option ? [value] : []));
  }

  number(option: string): number | undefined {
    const value = this.value(option);
    return value === undefined ? undefined : Number(value);
  }

  /** `-inform DER`: true. */
  isDer(option: string): boolean {
    return /^(?:d|der|asn1)$/i.test(this.value(option) ?? "");
  }

  /** Apps' opthelp: something about the options is wrong. */
  usage(words = ""): Failure {
    return new Failure(`${words}${this.name}: Use -help for summary.\n`);
  }

  /** Words, and behind them what the error queue holds. */
  failure(words: string, errors: readonly QueuedError[] = [], code = 1): Failure {
    return new Failure(words + this.lines(errors), code);
  }

  lines(errors: readonly QueuedError[]): string {
    return errors
      .map(
        (one) =>
          `${this.thread}:error:${one.code}:${one.library}:${one.function}:${one.reason}:${one.at}:${one.data ?? ""}\n`,
      )
      .join("");
  }

  async error(text: string): Promise<void> {
    await this.process.error(text);
  }

  /** Everything that a file holds, or standard input. An Errno if it cannot be opened. */
  async read(path: string | undefined): Promise<Bytes | Errno> {
    const { process } = this;
    const limit = process.kernel.limits.memory;
    if (path === undefined) {
      const input = process.fds.find(0);
      return input ? ((await readAll(process, input, limit)) ?? new Errno("ENOMEM")) : "";
    }
    const file = attempt(() => open(process.host, path, { read: true }, process));
    if (file instanceof Errno) return file;
    const fd = process.fds.add(file, 3);
    try {
      return (await readAll(process, file, limit)) ?? new Errno("ENOMEM");
    } catch (error) {
      if (error instanceof Errno && error.code === "EISDIR") return "";
      throw error;
    } finally {
      process.fds.close(fd);
    }
  }

  /** The same through BIO_new_file, with its words if it fails. `after` is what the program adds. */
  async mustRead(path: string | undefined, after = "", code = 1, mode = "r"): Promise<Bytes> {
    const text = await this.read(path);
    if (!(text instanceof Errno)) return text;
    throw this.cannotOpen(path!, text, "reading", mode, after, code);
  }

  cannotOpen(path: string, errno: Errno, what: "reading" | "writing", mode: string, after = "", code = 1): Failure {
    const errors = this.lines(openErrors(path, mode, errno.message, errnoNumber(errno.code)));
    return new Failure(`Can't open "${path}" for ${what}, ${errno.message}\n${errors}${after}`, code);
  }

  /** Writes a result to `-out`, or to standard output. A `secret` file is its owner's alone. */
  async write(data: Bytes, path = this.value("out"), secret = false): Promise<void> {
    if (path === undefined) return await this.process.write(1, data);
    const file = attempt(() =>
      open(this.process.host, path, { write: true, truncate: true, ...(secret ? { mode: 0o600 } : {}) }, this.process),
    );
    if (file instanceof Errno) {
      if (secret) throw new Failure(`${this.name}: Can't open "${path}" for writing, ${file.message}\n`);
      throw this.cannotOpen(path, file, "writing", "w");
    }
    const fd = this.process.fds.add(file, 3);
    if (data !== "") await this.process.write(fd, data);
    this.process.fds.close(fd);
  }

  async print(text: string, path?: string): Promise<void> {
    await this.write(encode(text), path);
  }

  /** As opt_next and opt_init do. */
  #parse(args: readonly string[]): { given: GivenOption[]; rest: readonly string[] } {
    const { byName, takesOthers } = optionTable(this.command);
    const given: GivenOption[] = [];
    for (let at = 0; ;) {
      const word = args[at];
      if (word === undefined || !word.startsWith("-")) return { given, rest: args.slice(at) };
      at++;
      if (word === "--") return { given, rest: args.slice(at) };
      const text = word.replace(/^--?/, "");
      const equals = text.indexOf("=");
      const name = equals < 0 ? text : text.slice(0, equals);
      let value = equals < 0 ? undefined : text.slice(equals + 1);
      const spec = name === "*" ? undefined : byName.get(name);
      if (name === "help" || (!spec && name === "h")) {
        given.push({ name: "help", value: "" });
      } else if (!spec) {
        if (!takesOthers) throw this.usage(`${this.name}: Unknown option: -${name}\n`);
        given.push({ name: "*", value: name });
      } else if (spec.type === "-") {
        if (value !== undefined) throw this.usage(`${this.name}: Option -${name} does not take a value\n`);
        given.push({ name, value: "" });
      } else {
        value ??= args[at++];
        if (value === undefined) throw this.usage(`${this.name}: Option -${name} needs a value\n`);
        this.#check(name, spec.type, value);
        given.push({ name, value });
      }
    }
  }

  #check(name: string, type: string, value: string): void {
    if ("npNM".includes(type)) {
      if (!isNumber(value)) throw this.usage(`${this.name}: Can't parse "${value}" as a number\n`);
      if (type === "p" && Number(value) <= 0)
        throw this.usage(`${this.name}: Non-positive number "${value}" for option -${name}\n`);
      if (type === "N" && Number(value) < 0)
        throw this.usage(`${this.name}: Negative number "${value}" for option -${name}\n`);
    }
    if (type === "f" && !/^(?:p|pem|d|der)$/i.test(value))
      throw this.usage(
        `${this.name}: Bad format "${value}"\n${this.name}: Invalid format "${value}" for option -${name}\n`,
      );
  }
}

/** As strtol with base 0 reads it. */
export function isNumber(text: string): boolean {
  return /^[-+]?(?:0x[0-9a-f]+|\d+)$/i.test(text);
}
