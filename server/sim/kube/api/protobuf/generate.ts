// oxlint-disable no-restricted-imports, no-restricted-globals -- a generator that is run by hand, not a part of the simulation
/**
 * Writes `field-numbers.json` from a kubectl 1.33 program: `node server/sim/kube/api/protobuf/generate.ts /path/to/kubectl`.
 * Go's protobuf runtime keeps the compressed descriptor of every `generated.proto` in its programs; the numbers of all
 * fields of all API types stand there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, inflateRawSync } from "node:zlib";
import { structureTable } from "../schema/table.ts";
import type { FieldNumbers } from "./field-numbers.ts";
import { fieldsOf, numberOf, textOf, type WireField } from "./wire.ts";

/** API groups whose name is more than the folder of their types. */
const GROUPS: Record<string, string> = {
  core: "",
  rbac: "rbac.authorization.k8s.io",
  flowcontrol: "flowcontrol.apiserver.k8s.io",
  apps: "apps",
  autoscaling: "autoscaling",
  batch: "batch",
  policy: "policy",
};

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]);
const MAX_DESCRIPTOR = 1024 * 1024;

/** The id that a type of a proto package has in the structure table: `k8s.io.api.apps.v1` is `apps/v1`. */
function prefixOf(proto: string): string | undefined {
  if (proto === "k8s.io.apimachinery.pkg.apis.meta.v1") return "meta/v1";
  const [, folder, version] = /^k8s\.io\.api\.(\w+)\.(\w+)$/.exec(proto) ?? [];
  if (folder === undefined) return undefined;
  const group = GROUPS[folder] ?? `${folder}.k8s.io`;
  return group === "" ? version : `${group}/${version}`;
}

/** `.k8s.io.api.core.v1.PodSpec` as a type id. */
function idOf(typeName: string): string | undefined {
  const dot = typeName.lastIndexOf(".");
  const prefix = prefixOf(typeName.slice(1, dot));
  return prefix && `${prefix}.${typeName.slice(dot + 1)}`;
}

function descriptors(program: Buffer): string[] {
  const found: string[] = [];
  for (let at = program.indexOf(GZIP_HEADER); at >= 0; at = program.indexOf(GZIP_HEADER, at + 1)) {
    try {
      const text = inflateRawSync(program.subarray(at + 10, at + 10 + MAX_DESCRIPTOR)).toString("latin1");
      if (text.startsWith("\n") && text.slice(0, 200).includes("generated.proto")) found.push(text);
    } catch {
      // Three bytes that look like the head of a compressed file.
    }
  }
  return found;
}

/** FileDescriptorProto: package 2, message_type 4; DescriptorProto: name 1, field 2; FieldDescriptorProto: name 1, number 3, type_name 6. */
export function generate(program: Buffer): FieldNumbers {
  const numbers: FieldNumbers = {};
  for (const file of descriptors(program)) {
    const prefix = prefixOf(textOf(fieldsOf(file), 2));
    if (prefix === undefined) continue;
    for (const message of all(fieldsOf(file), 4)) {
      const id = `${prefix}.${textOf(fieldsOf(message), 1)}`;
      numbers[id] = {};
      for (const text of all(fieldsOf(message), 2)) {
        const field = fieldsOf(text);
        const name = textOf(field, 1);
        const json = jsonName(id, name);
        const inlined = json === undefined ? idOf(textOf(field, 6)) : undefined;
        numbers[id][numberOf(field, 3)] = inlined === undefined ? (json ?? name) : `#${inlined}`;
      }
    }
  }
  // What no kind that this server has is made of.
  for (const id of Object.keys(numbers)) if (!isNeeded(id, numbers)) delete numbers[id];
  return numbers;
}

/**
 * What a field is called in JSON (two are capitalised on the wire); undefined for a Go structure that is embedded in
 * another, which is a message of its own on the wire and none in JSON.
 */
function jsonName(id: string, name: string): string | undefined {
  const rows = structureTable()[id];
  if (!rows) return name;
  const names = rows.map((row) => row.slice(0, row.search(/!?:/)));
  return names.find((field) => field.toLowerCase() === name.toLowerCase());
}

function isNeeded(id: string, numbers: FieldNumbers): boolean {
  if (Object.hasOwn(structureTable(), id)) return true;
  return Object.values(numbers).some((fields) => Object.values(fields).includes(`#${id}`));
}

function all(fields: readonly WireField[], number: number): string[] {
  return fields.filter((field) => field.number === number).map(({ value }) => value as string);
}

if (import.meta.main) {
  const [program] = process.argv.slice(2);
  if (program === undefined) throw new Error("which kubectl? node generate.ts /path/to/kubectl");
  const packed = brotliCompressSync(JSON.stringify(generate(readFileSync(program))), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  writeFileSync(join(import.meta.dirname, "field-numbers.json"), `${JSON.stringify(packed.toString("base64"))}\n`);
}
