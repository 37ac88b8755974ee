import { decode, encode, type Bytes } from "../../../../sim/kernel/index.ts";
import { GoError } from "../../errors/go-error.ts";
import type { GeneratorFields } from "../kustomization.ts";
import type { Loader } from "../loader.ts";

export interface KeyValue {
  readonly key: string;
  readonly value: Bytes;
}

/** What a generator's sources say, in their order (api/kv/kv.go). */
export async function loadKeyValues(fields: GeneratorFields, loader: Loader): Promise<KeyValue[]> {
  const { envs = [], literals = [], files = [] } = fields;
  return [
    ...(await inWords(`env source files: [${envs.join(" ")}]`, () => fromEnvFiles(envs, loader))),
    ...(await inWords(`literal sources [${literals.join(" ")}]`, () => Promise.resolve(literals.map(fromLiteral)))),
    ...(await inWords(`file sources: [${files.join(" ")}]`, () => fromFiles(files, loader))),
  ];
}

async function inWords(what: string, load: () => Promise<KeyValue[]>): Promise<KeyValue[]> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`loading KV pairs: ${what}: ${error.message}`);
  }
}

function fromLiteral(source: string): KeyValue {
  const at = source.indexOf("=");
  if (at <= 0) throw new GoError(`invalid literal source ${source}, expected key=value`);
  return { key: source.slice(0, at), value: encode(withoutQuotes(source.slice(at + 1))) };
}

function withoutQuotes(text: string): string {
  const first = text[0];
  if (first === undefined || first !== text.at(-1) || (first !== '"' && first !== "'")) return text;
  return text.slice(1, -1);
}

async function fromFiles(sources: readonly string[], loader: Loader): Promise<KeyValue[]> {
  const pairs: KeyValue[] = [];
  for (const source of sources) {
    const { key, path } = fileSource(source);
    pairs.push({ key, value: await loader.bytes(path) });
  }
  return pairs;
}

function fileSource(source: string): { key: string; path: string } {
  const parts = source.split("=");
  if (parts.length === 1) return { key: source.replace(/\/+$/, "").split("/").at(-1)!, path: source };
  const [key, path] = [parts[0]!, parts[1]!];
  if (parts.length === 2 && key === "")
    throw new GoError(`missing key name for file path "${path}" in source "${source}"`);
  if (parts.length === 2 && path === "")
    throw new GoError(`missing file path for key name "${key}" in source "${source}"`);
  if (parts.length > 2) throw new GoError(`source "${source}" key name or file path contains '='`);
  return { key, path };
}

async function fromEnvFiles(paths: readonly string[], loader: Loader): Promise<KeyValue[]> {
  const pairs: KeyValue[] = [];
  for (const path of paths) {
    const lines = decode(await loader.bytes(path))
      .replace(/^\ufeff/, "")
      .split("\n");
    for (const line of lines) {
      const text = line.replace(/\r$/, "").trimStart();
      if (text === "" || text.startsWith("#")) continue;
      const at = text.indexOf("=");
      pairs.push(at < 0 ? { key: text, value: "" } : { key: text.slice(0, at), value: encode(text.slice(at + 1)) });
    }
  }
  return pairs;
}
