import { parse, stringify } from "yaml";
import { attempt, Errno, type Process } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";
import { goRequest } from "../http/go-client.ts";
import { parseWebUrl, resolveLocation } from "../http/go-url.ts";

export interface Repository {
  readonly name: string;
  readonly url: string;
}

/** An entry of a repository's index.yaml. */
export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly description: string;
  readonly urls: readonly string[];
}

const home = (process: Process): string => process.env["HOME"] ?? "/root";
const configPath = (process: Process): string =>
  process.env["HELM_REPOSITORY_CONFIG"] ?? `${home(process)}/.config/helm/repositories.yaml`;
const indexPath = (process: Process, name: string): string =>
  `${process.env["HELM_REPOSITORY_CACHE"] ?? `${home(process)}/.cache/helm/repository`}/${name}-index.yaml`;

/** What `repo add` has written; undefined if there is no such file. */
export function readRepositories(process: Process): readonly Repository[] | undefined {
  const data = attempt(() => process.host.files.read(configPath(process), process));
  if (data instanceof Errno) return undefined;
  const read = parse(decode(data)) as { readonly repositories?: readonly Repository[] } | null;
  return read?.repositories ?? [];
}

export function writeRepositories(process: Process, repositories: readonly Repository[]): void {
  const rows = repositories.map(({ name, url }) => ({
    caFile: "", certFile: "", insecure_skip_tls_verify: false, keyFile: "", name, pass_credentials_all: false, password: "", url, username: "",
  })); // prettier-ignore
  const text = stringify(
    { apiVersion: "", generated: "0001-01-01T00:00:00Z", repositories: rows },
    { indentSeq: false },
  );
  write(process, configPath(process), text);
}

/** The charts of a repository as `repo add` or `repo update` saw them last. */
export function readIndex(process: Process, name: string): readonly IndexEntry[] | undefined {
  const data = attempt(() => process.host.files.read(indexPath(process, name), process));
  return data instanceof Errno ? undefined : entriesOf(decode(data));
}

export function dropIndex(process: Process, name: string): void {
  attempt(() => process.host.files.unlink(indexPath(process, name), process));
}

export function entriesOf(text: string): readonly IndexEntry[] {
  const read = parse(text) as { readonly entries?: Readonly<Record<string, readonly IndexEntry[]>> } | null;
  return Object.values(read?.entries ?? {}).flat();
}

/** Fetches a repository's index and keeps it; an error in Helm's words. */
export async function fetchIndex(process: Process, { name, url }: Repository): Promise<string | undefined> {
  const address = `${url.replace(/\/$/, "")}/index.yaml`;
  const got = await fetch(process, address);
  if ("error" in got) return got.error;
  if (entriesOf(decode(got.body)).length === 0) return "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type repo.IndexFile"; // prettier-ignore
  write(process, indexPath(process, name), decode(got.body));
  return undefined;
}

/** GETs a URL, wherever it leads. */
export async function fetch(
  process: Process,
  text: string,
): Promise<{ readonly body: Bytes } | { readonly error: string }> {
  const roots = process.host.readText("/etc/ssl/certs/ca-certificates.crt");
  let address = text;
  for (let hops = 0; hops < 10; hops++) {
    const url = parseWebUrl(address);
    if ("malformed" in url) return { error: url.malformed };
    if ("error" in url) return { error: url.error === 'unsupported protocol scheme ""' ? "could not find protocol handler for: " : url.error }; // prettier-ignore
    const headers = [["User-Agent", "Helm/3.18.3"]] as const;
    const response = await goRequest(process, {
      method: "GET",
      url,
      headers,
      ...(roots === undefined ? {} : { roots }),
    });
    if ("error" in response) return { error: `Get ${JSON.stringify(text)}: ${response.error}` };
    const { status, fields, reason } = response.head;
    const location = fields.find(([name]) => name.toLowerCase() === "location")?.[1];
    let body = "";
    for await (const piece of response.body) body += piece;
    response.close();
    if (status >= 300 && status < 400 && location !== undefined) {
      address = resolveLocation(url, location) ?? location;
      continue;
    }
    return status === 200 ? { body } : { error: `failed to fetch ${text} : ${status} ${reason}` };
  }
  return { error: `Get ${JSON.stringify(text)}: stopped after 10 redirects` };
}

function write(process: Process, path: string, text: string): void {
  const { files } = process.host;
  let directory = "";
  for (const part of path.split("/").slice(1, -1)) {
    directory += `/${part}`;
    if (!files.exists(directory, process)) files.mkdir(directory, { mode: 0o755 }, process);
  }
  files.write(path, encode(text), { mode: 0o644 }, process);
}
