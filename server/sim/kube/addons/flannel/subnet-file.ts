import { attempt, dirname, Errno, type DaemonProcess } from "../../../host/index.ts";
import { encode } from "../../../kernel/index.ts";
import { addressText, networkOf, parsePrefix } from "../../../net/index.ts";

/** A network or subnet that a former run has written; `0.0.0.0/0` if it has not (main.go ReadCIDRFromSubnetFile). */
export function readSubnetFile(self: DaemonProcess, path: string, key: string): string {
  const line = self.host
    .readText(path)
    ?.split("\n")
    .find((one) => one.startsWith(`${key}=`));
  const prefix = line === undefined ? undefined : parsePrefix(line.slice(key.length + 1));
  return prefix ? `${addressText(networkOf(prefix.address, prefix.length))}/${prefix.length}` : NOTHING;
}

export const NOTHING = "0.0.0.0/0";

export interface SubnetFile {
  readonly network: string;
  readonly subnet: string;
  readonly mtu: number;
  readonly ipMasq: boolean;
}

/** Writes what the CNI plugin reads. Undefined if that went well, else why it did not (pkg/subnet WriteSubnetFile). */
export function writeSubnetFile(self: DaemonProcess, path: string, values: SubnetFile): string | undefined {
  const { address, length } = parsePrefix(values.subnet)!;
  const first = addressText((address as number) + 1);
  const text = [
    `FLANNEL_NETWORK=${values.network}`,
    `FLANNEL_SUBNET=${first}/${length}`,
    `FLANNEL_MTU=${values.mtu}`,
    `FLANNEL_IPMASQ=${values.ipMasq}`,
  ].join("\n");
  const { files } = self.host;
  const directory = dirname(path);
  const error = attempt(() => {
    if (!files.exists(directory, self)) files.mkdir(directory, { parents: true, mode: 0o755 }, self);
    files.write(path, encode(`${text}\n`), { mode: 0o644 }, self);
  });
  return error instanceof Errno ? `open ${path}: ${error.message.toLowerCase()}` : undefined;
}
