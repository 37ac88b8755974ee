import type { ApiResponse } from "../request.ts";

const PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/** Document { swagger: "2.0", info: { title: "Kubernetes", version: "v1.33.1" } } of gnostic's openapiv2.proto. */
const DOCUMENT = "\n\u00032.0\u0012\u0015\n\nKubernetes\u0012\u0007v1.33.1";

/**
 * /openapi/v2, without definitions: those are served as v3, which all clients that are supported read first. kubectl comes here
 * for kinds that it finds nowhere else, to see that nobody knows them, and then says so.
 */
export function openApiV2(path: string, accept: string): ApiResponse | undefined {
  if (path !== "/openapi/v2") return undefined;
  if (accept.includes("proto-openapi")) return { kind: "text", code: 200, text: DOCUMENT, mediaType: PROTOBUF };
  const object = { swagger: "2.0", info: { title: "Kubernetes", version: "v1.33.1" }, paths: {}, definitions: {} };
  return { kind: "object", code: 200, object, mediaType: "application/json", warnings: [] };
}
