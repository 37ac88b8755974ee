import { errors } from "./status.ts";

/** In which form an answer is wanted: as it is, as a Table, or its metadata only. */
export interface Form {
  readonly mediaType: "application/json" | "application/yaml";
  readonly as: "object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  /** The version of meta.k8s.io that the Table or metadata shall have. */
  readonly version: "v1" | "v1beta1";
}

const JSON_FORM: Form = { mediaType: "application/json", as: "object", version: "v1" };

/** What the server says that it can send. Protobuf is missing: it only reads that. */
const ACCEPTED = ["application/json", "application/yaml"];

interface Clause {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

/** The first clause of an Accept header that can be met; throws NotAcceptable if there is none. */
export function negotiate(accept: string): Form {
  if (accept === "") return JSON_FORM;
  for (const { type, parameters } of clauses(accept)) {
    const mediaType = mediaTypeOf(type);
    if (!mediaType) continue;
    const { as, g: group, v: version } = parameters;
    if (as === undefined) return { mediaType, as: "object", version: "v1" };
    if (group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) continue;
    if (as === "Table" || as === "PartialObjectMetadata" || as === "PartialObjectMetadataList")
      return { mediaType, as, version };
  }
  throw errors.notAcceptable(ACCEPTED);
}

/** The clauses of an Accept header, best first. */
export function clauses(accept: string): Clause[] {
  return accept
    .split(",")
    .map((clause) => {
      const [type = "", ...rest] = clause.split(";").map((part) => part.trim());
      const parameters = Object.fromEntries(rest.map((part) => part.split("=", 2) as [string, string]));
      return { type, parameters, quality: parameters["q"] === undefined ? 1 : Number(parameters["q"]) };
    })
    .sort((a, b) => b.quality - a.quality);
}

function mediaTypeOf(type: string): Form["mediaType"] | undefined {
  if (type === "application/json" || type === "*/*" || type === "application/*") return "application/json";
  return type === "application/yaml" ? "application/yaml" : undefined;
}
