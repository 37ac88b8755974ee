import type { DaemonProcess } from "../../../host/index.ts";
import { sharedValue } from "./shared.ts";

const CHAIN = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g;

/** certificate.call(): by the name asked for, its wildcard, then that of the server `_`. */
export function certificateFor(master: DaemonProcess, serverName: string | undefined): readonly string[] | undefined {
  const uid =
    (serverName === undefined ? undefined : uidFor(master, serverName)) ?? sharedValue(master, "certificate_servers/_");
  const pem = uid === undefined ? undefined : sharedValue(master, `certificate_data/${uid}`);
  return pem?.match(CHAIN) ?? undefined;
}

/** Whether the host has a certificate of its own (configured_for_server). */
export function hasCertificate(master: DaemonProcess, host: string): boolean {
  return uidFor(master, host.toLowerCase()) !== undefined;
}

function uidFor(master: DaemonProcess, host: string): string | undefined {
  const uid = sharedValue(master, `certificate_servers/${host}`);
  if (uid !== undefined && uid !== "") return uid;
  const wildcard = sharedValue(master, `certificate_servers/${host.replace(/^[^.]+\./, "*.")}`);
  return wildcard === "" ? undefined : wildcard;
}
