import { SECOND } from "../../sim/kernel/index.ts";
import { Errno, open, type Process, type Program } from "../../sim/host/index.ts";
import { field, keepsOpen, type ResponseHead, type ResponseStream } from "../http/response-stream.ts";
import { errorWords } from "../netdb/libc.ts";
import { parseOptions } from "../options.ts";
import { Connections } from "./connections.ts";
import { NO_FLAGS, WGET_FLAGS } from "./options.ts";
import { Requests } from "./requests.ts";
import { EXIT, Failed, Run, version, type Given } from "./run.ts";
import { plainName, save } from "./save.ts";
import { lengthLine } from "./units.ts";
import { Location, parse, type Target } from "./url.ts";

/** GNU wget. */
export const wget: Program = {
  name: "wget",
  summary: "the non-interactive network downloader",
  async run(process, args) {
    const given = parseOptions(
      WGET_FLAGS,
      args.map((word) => NO_FLAGS[word] ?? word),
    );
    if ("notSimulated" in given) {
      await process.error(`drydock: wget: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(
        `wget: ${given.problem}\nUsage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`,
      );
      return 2;
    }
    if (given.has("version")) {
      await process.print(`GNU Wget ${version(process)} built on linux-gnu.\n`);
      return 0;
    }
    if (given.has("help")) {
      await process.print(
        `GNU Wget ${version(process)}, a non-interactive network retriever.\nUsage: wget [OPTION]... [URL]...\n`,
      );
      return 0;
    }
    const wrong = wrongOptions(given);
    if (wrong) {
      await process.error(wrong.says);
      return wrong.status;
    }
    if (given.operands.length === 0 && !given.has("input")) {
      await process.error(
        "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      );
      return 1;
    }
    return new Wget(process, given).all();
  },
};

/** What main.c and init.c find out about options before anything is fetched. */
function wrongOptions(given: Given): { readonly says: string; readonly status: number } | undefined {
  for (const flag of ["timeout", "connectTimeout", "readTimeout", "dnsTimeout", "wait", "waitRetry"] as const) {
    const text = given.value(flag);
    if (text !== undefined && !/^\d*\.?\d+[smhdw]?$/.test(text))
      return { says: `wget: --${WGET_FLAGS[flag].long}: Invalid time period ‘${text}’\n`, status: 2 };
  }
  if (given.value("tries")?.startsWith("-"))
    return { says: `wget: --tries: Invalid number ‘${given.value("tries")!}’.\n`, status: 2 };
  const progress = given.value("progress");
  if (progress !== undefined && !/^(?:bar|dot)(?::|$)/.test(progress))
    return { says: `wget: --progress: Invalid progress type ‘${progress}’.\n`, status: 2 };
  const bad = given.values("header").find((line) => line !== "" && !/^[^:\s]+:/.test(line));
  if (bad !== undefined) return { says: `wget: --header: Invalid header ‘${bad}’.\n`, status: 2 };
  const command = given.values("execute").find((text) => !/^\s*robots\s*=/i.test(text));
  if (command !== undefined)
    return /^\s*\w+\s*=/.test(command) && KNOWN_COMMANDS.test(command)
      ? { says: `drydock: wget: '-e ${command}' is not simulated\n`, status: 64 }
      : { says: `wget: Invalid --execute command ‘${command}’\n`, status: 2 };
  const method = given.value("method");
  const posts = given.has("postData") || given.has("postFile");
  const bodies = given.has("bodyData") || given.has("bodyFile");
  if (posts && method !== undefined)
    return {
      says: "You cannot use --post-data or --post-file along with --method. --method expects data through --body-data and --body-file options\n",
      status: 1,
    };
  if (bodies && method === undefined)
    return {
      says: "You must specify a method through --method=HTTPMethod to use with --body-data or --body-file.\n",
      status: 1,
    };
  return undefined;
}

/** Commands of a wgetrc that there are besides (commands in init.c), by what they begin with. */
const KNOWN_COMMANDS =
  /^\s*(?:use_?proxy|https?_?proxy|ftp_?proxy|no_?proxy|timeout|tries|user|password|header|quiet|verbose|output|dir|accept|reject|check_?certificate|continue|wait|limit_?rate)/i;

class Wget {
  readonly #run: Run;
  readonly #connections: Connections;
  readonly #requests: Requests;
  readonly #tries: number;
  /** The user's name goes along: the server asked for it. */
  #authorize = false;

  constructor(process: Process, given: Given) {
    this.#run = new Run(process, given);
    this.#connections = new Connections(this.#run);
    this.#requests = new Requests(this.#run, this.#connections);
    const tries = given.value("tries");
    this.#tries = tries === "inf" || tries === "0" ? Infinity : Number(tries ?? 20);
  }

  /** Fetches everything that was named; the exit code. */
  async all(): Promise<number> {
    // main.c opens it before anything is fetched.
    const output = this.#run.given.value("output");
    if (output !== undefined && output !== "-") {
      try {
        open(this.#run.process.host, output, { write: true, truncate: false }, this.#run.process).retain().drop();
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.#run.process.error(`${output}: ${errorWords(this.#run.process.host, error.code)}\n`);
        return EXIT.generic;
      }
    }
    let code = 0;
    const input = this.#run.given.value("input");
    const urls = [...this.#run.given.operands, ...(input === undefined ? [] : await this.#listed(input))];
    for (const [at, url] of urls.entries()) {
      const pause = Number(this.#run.given.value("wait") ?? 0);
      if (at > 0 && pause > 0) await this.#run.process.sleep(pause * SECOND);
      const got = await this.#download(url);
      if (got !== 0) code = code === 0 ? got : Math.min(code, got);
    }
    return code;
  }

  /** `-i`: the URLs that stand in a file, one a line (retrieve_from_file). */
  async #listed(input: string): Promise<string[]> {
    const process = this.#run.process;
    let text = "";
    if (input === "-") {
      for (;;) {
        const bytes = await process.read(0);
        if (bytes === "") break;
        text += bytes;
      }
    } else {
      try {
        text = process.host.files.read(this.#run.path(input), process);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.#run.log(`${input}: ${errorWords(process.host, error.code)}\n`, true);
      }
    }
    const urls = text.split("\n").map((line) => line.trim()).filter((line) => line !== ""); // prettier-ignore
    if (urls.length === 0) await this.#run.log(`No URLs found in ${input}.\n`, true);
    return urls;
  }

  async #download(text: string): Promise<number> {
    this.#authorize = this.#run.given.has("noChallenge");
    if (this.#run.given.has("spider")) await this.#run.log("Spider mode enabled. Check if remote file exists.\n");
    let target = parse(text);
    if (typeof target === "string") {
      await this.#run.process.error(`${text}: ${target}.\n`);
      return EXIT.generic;
    }
    if (this.#run.given.has("clobber") && this.#run.given.value("output") === undefined) {
      const name = plainName(this.#run, target);
      if (this.#run.process.host.files.exists(this.#run.path(name))) {
        await this.#run.log(`File ‘${name}’ already there; not retrieving.\n\n`);
        return 0;
      }
    }
    for (let attempt = 1, redirects = 0; ;) {
      const number = attempt > 1 ? `  (try:${String(attempt).padStart(2)})` : "";
      await this.#run.log(`--${this.#run.stamp()}--${number}  ${target.text}\n`);
      try {
        const location = await this.#try(target);
        if (location === undefined) return 0;
        const next: Target | string = parse(new Location(target, location).text);
        const most = Number(this.#run.given.value("redirects") ?? 20);
        if (redirects++ >= most) {
          await this.#run.log(`${most} redirections exceeded.\n`);
          return EXIT.server;
        }
        if (typeof next === "string") return EXIT.protocol;
        target = next;
        if (this.#run.given.has("spider")) {
          this.#connections.drop();
          await this.#run.log("Spider mode enabled. Check if remote file exists.\n");
        }
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        if (!error.keeps) this.#connections.drop();
        if (!error.again) return error.code;
        if (attempt >= this.#tries) {
          await this.#run.log("Giving up.\n\n");
          return error.code;
        }
        await this.#run.log("Retrying.\n\n");
        await this.#run.process.sleep(Math.min(attempt, Number(this.#run.given.value("waitRetry") ?? 10)) * SECOND);
        attempt++;
      }
    }
  }

  /** One request; the place that a redirect names, if it is one. */
  async #try(target: Target): Promise<string | undefined> {
    const connection = await this.#connections.to(target);
    const { stream } = connection;
    await this.#run.log(`${this.#connections.proxyFor(target) ? "Proxy" : "HTTP"} request sent, awaiting response... `);
    const method = await this.#requests.method();
    const head = await this.#requests.send(target, connection, method, this.#authorize);
    if (!this.#run.given.has("serverResponse")) await this.#run.log(`${head.status} ${head.reason}\n`);
    else {
      await this.#run.log("\n");
      // Also with -q.
      await this.#run.process.error(head.lines.map((line) => `  ${line}\n`).join(""));
    }
    const location = head.status >= 300 && head.status < 400 ? field(head, "location") : undefined;
    if (location !== undefined) {
      await this.#connections.drain(stream, method, head);
      await this.#run.log(`Location: ${location} [following]\n`);
      return location;
    }
    const challenge = field(head, "www-authenticate");
    if (
      head.status === 401 &&
      challenge?.startsWith("Basic") &&
      !this.#authorize &&
      this.#requests.credentials(target)
    ) {
      await this.#connections.drain(stream, method, head);
      await this.#run.log(`Authentication selected: ${challenge}\n`);
      this.#authorize = true;
      return this.#try(target);
    }
    if (head.status === 401) {
      await this.#run.log("\nUsername/Password Authentication Failed.\n");
      throw new Failed(EXIT.auth);
    }
    if ((this.#run.given.value("retryCodes") ?? "").split(",").includes(String(head.status))) {
      await this.#connections.drain(stream, method, head);
      throw new Failed(EXIT.network, true, true);
    }
    if (head.status >= 400) {
      if (this.#run.given.has("spider"))
        await this.#run.log(head.status === 404 ? "Remote file does not exist -- broken link!!!\n\n" : "\n");
      else {
        const words = `${this.#run.stamp()} ERROR ${head.status}: ${head.reason || "(no description)"}.\n`;
        if (this.#run.given.has("contentOnError")) await this.#save(target, stream, method, head);
        await this.#run.log(words, true);
        await this.#run.log("\n");
      }
      throw new Failed(EXIT.server);
    }
    if (this.#run.given.has("spider")) {
      const page = /^text\/html|^application\/xhtml/.test(field(head, "content-type") ?? "");
      const words = page
        ? "Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n"
        : "Remote file exists.\n\n";
      await this.#run.log(lengthLine(head) + words);
      if (this.#run.given.has("noVerbose"))
        await this.#run.log(`${this.#run.stamp()} URL: ${target.text} ${head.status} ${head.reason}\n`, true);
      return undefined;
    }
    await this.#save(target, stream, method, head);
    return undefined;
  }
  async #save(target: Target, stream: ResponseStream, method: string, head: ResponseHead): Promise<void> {
    await save(this.#run, target, stream, method, head);
    if (!keepsOpen(head)) this.#connections.drop();
  }
}
