import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { FileSpec } from "./file-spec.ts";

/** PKCS #8 of an Ed25519 key, up to its 32 secret bytes (RFC 8410). */
const PKCS8_HEAD = "302e020100300506032b657004220420";

interface KeyPair {
  readonly privateText: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicText: string;
}

/** A key of a machine, from a seed: the same machine has the same one. */
function keyPair(seed: number, purpose: "ssh-host-key" | "ssh-user-key", hostname: string): KeyPair {
  const secret = createHash("sha256")
    .update(`${String(seed)}/${purpose}/${hostname}`)
    .digest();
  const der = Buffer.concat([Buffer.from(PKCS8_HEAD, "hex"), secret]);
  const spki = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
    format: "der",
    type: "spki",
  });
  const point = spki.subarray(-32);
  return {
    privateText: privateKeyFile(secret, point, `root@${hostname}`),
    publicText: `ssh-ed25519 ${publicBlob(point).toString("base64")}`,
  };
}

/** /etc/ssh/ssh_host_ed25519_key and its public half: the same machine has the same fingerprint. */
export function sshHostKeyFiles(seed: number, hostname: string): FileSpec[] {
  const key = keyPair(seed, "ssh-host-key", hostname);
  const path = "/etc/ssh/ssh_host_ed25519_key";
  return [
    { path, mode: 0o600, text: key.privateText },
    { path: `${path}.pub`, text: `${key.publicText} root@${hostname}\n` },
  ];
}

/**
 * What lets root log in from one machine of a lab to the others without a question: a key of its own, the keys of all in
 * authorized_keys, and their host keys in the machine's known_hosts.
 */
export function sshAccessFiles(
  seed: number,
  hostname: string,
  hosts: readonly { readonly name: string; readonly address: string }[],
): FileSpec[] {
  const key = keyPair(seed, "ssh-user-key", hostname);
  const path = "/root/.ssh/id_ed25519";
  const authorized = hosts.map(({ name }) => `${keyPair(seed, "ssh-user-key", name).publicText} root@${name}\n`);
  const known = hosts.map(
    ({ name, address }) => `${name},${address} ${keyPair(seed, "ssh-host-key", name).publicText}\n`,
  );
  return [
    { path, mode: 0o600, text: key.privateText },
    { path: `${path}.pub`, text: `${key.publicText} root@${hostname}\n` },
    { path: "/root/.ssh/authorized_keys", mode: 0o600, text: authorized.join("") },
    { path: "/etc/ssh/ssh_known_hosts", text: known.join("") },
  ];
}

/** `SHA256:…` of a public key file, as ssh asks about at first contact; undefined if the text is no such file. */
export function sshFingerprint(publicKeyFile: string): string | undefined {
  const blob = /^\S+ ([A-Za-z0-9+/=]+)/.exec(publicKeyFile)?.[1];
  if (blob === undefined) return undefined;
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

function publicBlob(point: Uint8Array): Buffer {
  return Buffer.concat([field("ssh-ed25519"), field(point)]);
}

/** OpenSSH's own format (PROTOCOL.key), not encrypted. */
function privateKeyFile(secret: Uint8Array, point: Uint8Array, comment: string): string {
  const check = createHash("sha256").update(point).digest().subarray(0, 4);
  const inner = Buffer.concat([check, check, publicBlob(point), field(Buffer.concat([secret, point])), field(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, at) => at + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const all = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    one,
    field(publicBlob(point)),
    field(Buffer.concat([inner, padding])),
  ]);
  const lines = all.toString("base64").match(/.{1,70}/g)!;
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** A string of the SSH protocol: its length in four bytes, then its bytes. */
function field(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
