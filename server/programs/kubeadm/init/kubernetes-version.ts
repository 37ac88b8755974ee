import type { Process } from "../../../sim/host/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { goRequest } from "../../http/go-client.ts";
import { parseWebUrl, resolveLocation } from "../../http/go-url.ts";
import { KubeadmError, NotSimulated } from "../failure.ts";

/** What this kubeadm is of. */
export const CLIENT_VERSION = "v1.33.1";
const OLDEST = "1.32.0";

const RELEASE = /^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)[-\w.+]*$/;
const LABEL = /^(?:latest|stable)+(?:-[1-9](?:\.[1-9]\d?)?)?$/;
const TIMEOUT = 10 * SECOND;

/**
 * The version that `--kubernetes-version` stands for: itself, or what the project's server says of a label such as `stable-1`
 * (cmd/kubeadm/app/util/version.go). Where that cannot be asked, it is kubeadm's own.
 */
export async function resolveVersion(process: Process, given: string): Promise<string> {
  const version = RELEASE.test(given) ? given : await lookUp(process, given);
  const resolved = version.startsWith("v") ? version : `v${version}`;
  const [major = 0, minor = 0] = resolved.slice(1).split(".").map(Number);
  if (major < 1 || (major === 1 && minor < 32))
    throw new KubeadmError(
      `this version of kubeadm only supports deploying clusters with the control plane version >= ${OLDEST}. Current version: ${resolved}`,
    );
  return resolved;
}

async function lookUp(process: Process, given: string): Promise<string> {
  const [, bucket, label] = /^((?:release|ci)\/)?([-\w.+]+)$/.exec(given) ?? [];
  if (label === undefined) throw new KubeadmError(`invalid version ${JSON.stringify(given)}`);
  if (bucket === "ci/") throw new NotSimulated(`--kubernetes-version ${given}`);
  if (RELEASE.test(label)) return label;
  if (!LABEL.test(label))
    throw new KubeadmError(
      `version ${JSON.stringify(given)} doesn't match patterns for neither semantic version nor labels (stable, latest, ...)`,
    );
  const url = `https://dl.k8s.io/release/${label}.txt`;
  const fetched = await fetchText(process, url);
  if (!("error" in fetched)) return checked(process, fetched.text);
  await klog(process, "W", "version.go:109", `could not fetch a Kubernetes version from the internet: ${fetched.error}`); // prettier-ignore
  await klog(process, "W", "version.go:110", `falling back to the local client version: ${CLIENT_VERSION}`);
  return CLIENT_VERSION;
}

/** A release newer than kubeadm gives way to the newest of kubeadm's own minor version. */
async function checked(process: Process, remote: string): Promise<string> {
  const newer = Number(remote.split(".")[1]) > Number(CLIENT_VERSION.split(".")[1]);
  if (!newer) return remote;
  await klog(process, "I", "version.go:261", `remote version is much newer: ${remote}; falling back to: stable-1.33`);
  return lookUp(process, "stable-1.33");
}

async function fetchText(
  process: Process,
  url: string,
): Promise<{ readonly text: string } | { readonly error: string }> {
  const roots = process.host.readText("/etc/ssl/certs/ca-certificates.crt");
  let address = url;
  for (let hops = 0; hops < 10; hops++) {
    const parsed = parseWebUrl(address);
    if ("malformed" in parsed || "error" in parsed) return { error: `unable to get URL "${url}": Get "${address}": ${JSON.stringify(parsed)}` }; // prettier-ignore
    const headers = [["User-Agent", "Go-http-client/1.1"]] as const;
    const response = await goRequest(process, { method: "GET", url: parsed, headers, patience: TIMEOUT, ...(roots === undefined ? {} : { roots }) }); // prettier-ignore
    if ("error" in response) {
      const why = response.error.endsWith("i/o timeout") ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)" : response.error; // prettier-ignore
      return { error: `unable to get URL "${url}": Get "${address}": ${why}` };
    }
    const { status, reason, fields } = response.head;
    let text = "";
    for await (const piece of response.body) text += piece;
    response.close();
    const location = fields.find(([name]) => name.toLowerCase() === "location")?.[1];
    if (status >= 300 && status < 400 && location !== undefined)
      address = resolveLocation(parsed, location) ?? location;
    else if (status === 200) return { text: text.trim() };
    else return { error: `unable to fetch file. URL: "${url}", status: ${status} ${reason}` };
  }
  return { error: `unable to get URL "${url}": Get "${address}": stopped after 10 redirects` };
}
