import { attempt, Errno } from "../../../../host/index.ts";
import { decode, encode } from "../../../../kernel/index.ts";
import { isObject, parseJson, sortedJson, type JsonObject, type JsonValue } from "../../../api/index.ts";
import { CniError, CODE, Unsimulated } from "../cni-error.ts";
import { delegateAdd, delegateDel } from "../delegate.ts";
import { GoFields } from "../go-fields.ts";
import type { Plugin, PluginCall } from "../skel.ts";
import { goMap } from "./go-map.ts";
import { loadSubnetEnv, type SubnetEnv } from "./subnet-env.ts";

/** What flannel v0.27.0 installs. Of which commit it was built, and when, is not told: as in a build without those flags. */
const VERSION = "v1.7.1-flannel1";

interface FlannelConfig {
  readonly fields: GoFields;
  readonly subnetFile: string;
  readonly dataDir: string;
}

/** Completes its configuration with what flanneld has written, and leaves the work to another plugin (flannel-io/cni-plugin). */
export const flannelPlugin: Plugin = {
  name: "flannel",
  summary: "CNI plugin: the bridge of a flannel network",
  about: (version) =>
    `CNI Plugin flannel version ${version === "" ? VERSION : version} (linux/amd64) commit  built on `,
  add,
  del,
  check() {},
};

function load({ config }: PluginCall): FlannelConfig {
  const fields = new GoFields(config, "NetConf");
  return {
    fields,
    subnetFile: fields.text("subnetFile", "/run/flannel/subnet.env"),
    dataDir: fields.text("dataDir", "/var/lib/cni/flannel"),
  };
}

async function add(call: PluginCall) {
  const config = load(call);
  const environment = readEnvironment(call, config);
  const delegate = completeDelegate(call, config, environment);
  const text = sortedJson(delegate);
  const pointer = `0xc000${call.process.kernel.random.hex("flannel/pointer", 6)}`;
  await call.process.error(`\n${goMap(delegate, pointer)}\ndelegateAdd: netconf sent to delegate plugin:\n${text}`);
  save(call, config.dataDir, text);
  try {
    return await delegateAdd(call, delegate["type"] as string, text);
  } catch (error) {
    if (error instanceof CniError && !(error instanceof Unsimulated))
      throw new CniError(`failed to delegate add: ${error.message}`, CODE.internal, error.details);
    throw error;
  }
}

function readEnvironment(call: PluginCall, { subnetFile }: FlannelConfig): SubnetEnv {
  try {
    return loadSubnetEnv(call.process, subnetFile);
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(
      `failed to load flannel 'subnet.env' file: ${error.message}. Check the flannel pod log for this node.`,
    );
  }
}

/** cmdAdd and doCmdAdd: what is not given is filled in. */
function completeDelegate(call: PluginCall, { fields }: FlannelConfig, environment: SubnetEnv): JsonObject {
  const given = fields.struct("delegate").raw;
  if (given["type"] !== undefined && typeof given["type"] !== "string")
    throw new CniError("'delegate' dictionary, if present, must have (string) 'type' field");
  for (const name of ["name", "ipam"])
    if (given[name] !== undefined)
      throw new CniError(`'delegate' dictionary must not have '${name}' field, it'll be set by flannel`);
  const type = given["type"] ?? "bridge";
  const runtimeConfig = call.config["runtimeConfig"];
  const version = fields.text("cniVersion");
  return {
    ipMasq: !environment.ipMasq,
    mtu: environment.mtu,
    ...(type === "bridge" ? { isGateway: true } : {}),
    ...given,
    type,
    name: fields.text("name"),
    ...(runtimeConfig === undefined ? {} : { runtimeConfig }),
    ...(version === "" ? {} : { cniVersion: version }),
    ipam: ipamOf(fields.struct("ipam"), environment),
  };
}

/** getDelegateIPAM. */
function ipamOf(ipam: GoFields, { networks, subnets }: SubnetEnv): JsonObject {
  const routes: JsonValue[] = [...ipam.list("routes", "[]types.Route"), ...networks.map((dst) => ({ dst }))];
  return { type: "host-local", ...ipam.raw, ranges: subnets.map((subnet) => [{ subnet }]), routes };
}

/** Keeps the delegate's configuration for DEL: subnet.env may have changed by then (saveScratchNetConf). */
function save({ process, containerId }: PluginCall, directory: string, text: string): void {
  const { files } = process.host;
  const path = `${directory}/${containerId}`;
  const error = attempt(() => {
    files.mkdir(directory, { parents: true, mode: 0o700 }, process);
    files.write(path, encode(text), { mode: 0o600 }, process);
  });
  if (error instanceof Errno) throw new CniError(`open ${path}: ${error.message.toLowerCase()}`);
}

async function del(call: PluginCall): Promise<void> {
  const { files } = call.process.host;
  const path = `${load(call).dataDir}/${call.containerId}`;
  const data = attempt(() => files.read(path, call.process));
  if (data instanceof Errno) {
    if (data.code === "ENOENT") return;
    throw new CniError(`open ${path}: ${data.message.toLowerCase()}`);
  }
  const parsed = parseJson(decode(data));
  if (!parsed.ok || !isObject(parsed.value)) {
    await call.process.error(`failed to parse netconf: ${parsed.ok ? "json: cannot unmarshal" : parsed.error}`);
    return;
  }
  await delegateDel(call, new GoFields(parsed.value, "NetConf").text("type"), decode(data));
  attempt(() => files.unlink(path, call.process));
}
