import { LineInput } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { oid, sequence, setOf } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { characters, encodeAttribute, encodeSubject, type EncodedAttribute } from "./name.ts";
import { objectOf } from "./objects.ts";
import type { Settings } from "./req.ts";

const INTRODUCTION = `You are about to be asked to enter information that will be incorporated
into your certificate request.
What you are about to enter is what is called a Distinguished Name or a DN.
There are quite a few fields but you can leave some blank
For some fields there will be a default value,
If you enter '.', the field will be left blank.
-----
`;

interface Field {
  readonly type: string;
  readonly question: string;
  readonly value: string;
  readonly min: number;
  readonly max: number;
  readonly joined: boolean;
}

/**
 * The subject that the configuration asks for (apps/req.c prompt_info), or that it has (`prompt = no`, auto_info), and the
 * attributes of the request.
 */
export async function askSubject(
  call: Call,
  { config, section, issues }: Settings,
): Promise<{ subject: Uint8Array; attributes: readonly Uint8Array[] }> {
  const name = config.get(section, "distinguished_name");
  if (name === undefined || !config.has(name))
    throw call.failure(name === undefined ? "unable to find 'distinguished_name' in config\n" : `unable to get '${name}' section\n`); // prettier-ignore
  const silent = config.get(section, "prompt") === "no";
  const utf8 = call.has("utf8") || config.get(section, "utf8") === "yes";
  const subject: EncodedAttribute[][] = [];
  if (silent) {
    for (const [key, value] of config.section(name)) {
      const bare = key.replace(/^[^.:,]*[.:,](?=.)/, "");
      const joined = bare.startsWith("+");
      const type = objectOf(joined ? bare.slice(1) : bare);
      if (type === undefined) continue;
      add(call, subject, type, characters(value, utf8), joined);
    }
    if (subject.length === 0) throw call.failure("error, no objects specified in config file\nError making certificate request\n"); // prettier-ignore
    return { subject: encodeSubject(subject), attributes: [] };
  }
  const input = new Lines(call);
  if (!call.has("batch")) await call.error(INTRODUCTION);
  for (const field of fieldsOf(config.section(name))) {
    const value = await input.answer(field);
    if (value !== "") add(call, subject, field.type, characters(value, utf8), field.joined);
  }
  if (subject.length === 0) throw call.failure("error, no objects specified in config file\nError making certificate request\n"); // prettier-ignore
  const more = config.get(section, "attributes");
  const attributes: Uint8Array[] = [];
  if (!issues && more !== undefined) {
    if (!call.has("batch"))
      await call.error("\nPlease enter the following 'extra' attributes\nto be sent with your certificate request\n");
    for (const field of fieldsOf(config.section(more))) {
      const value = await input.answer(field);
      const encoded = value === "" ? undefined : encodeAttribute(field.type, characters(value, utf8));
      if (encoded && "value" in encoded) attributes.push(sequence(oid(encoded.type), setOf(encoded.value)));
    }
  }
  return { subject: encodeSubject(subject), attributes };
}

function add(call: Call, subject: EncodedAttribute[][], type: string, text: string, joined: boolean): void {
  const encoded = encodeAttribute(type, text);
  if ("reason" in encoded) throw call.failure("Error making certificate request\n", [encoded]);
  if (joined && subject.length > 0) subject.at(-1)!.push(encoded);
  else subject.push([encoded]);
}

/** Names that end with `_default`, `_value`, `_min` and `_max` belong to the field before them. */
function fieldsOf(rows: readonly (readonly [string, string])[]): Field[] {
  const values = new Map(rows);
  return rows.flatMap(([key, question]) => {
    if (/_(?:min|max|default|value)$/.test(key)) return [];
    const bare = key.replace(/^[^.:,]*[.:,](?=.)/, "");
    const joined = bare.startsWith("+");
    const type = objectOf(joined ? bare.slice(1) : bare);
    if (type === undefined) return [];
    const value = values.get(`${key}_default`) ?? "";
    return [{ type, question, value, min: Number(values.get(`${key}_min`) ?? -1), max: Number(values.get(`${key}_max`) ?? -1), joined }]; // prettier-ignore
  });
}

class Lines {
  readonly #call: Call;
  readonly #input: LineInput | undefined;

  constructor(call: Call) {
    this.#call = call;
    const file = call.process.fds.find(0);
    this.#input = file && new LineInput(call.process, file);
  }

  /** Asks until the answer is as long as it must be. `.` is an empty one. */
  async answer({ question, value, min, max }: Field): Promise<string> {
    if (this.#call.has("batch")) return value;
    for (;;) {
      await this.#call.error(`${question} [${value}]:`);
      const line = await this.#input?.next();
      if (line === undefined) throw this.#call.failure("Error making certificate request\n");
      if (!line.endsWith("\n")) throw this.#call.failure("weird input :-(\nError making certificate request\n");
      const text = decode(line.slice(0, -1));
      if (text === ".") return "";
      const answer = text === "" ? value : text;
      if (answer === "") return "";
      if (min > 0 && answer.length < min)
        await this.#call.error(`string is too short, it needs to be at least ${min} bytes long\n`);
      else if (max >= 0 && answer.length > max)
        await this.#call.error(`string is too long, it needs to be no more than ${max} bytes long\n`);
      else return answer;
    }
  }
}
