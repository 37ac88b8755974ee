import type { Filter, RouteMatch, RouteRule } from "../kinds.ts";
import { NGINX } from "../kinds.ts";
import { invalid, notSupported, required } from "./field-errors.ts";
import { INTERNAL } from "./mirrors.ts";

const FILTERS = ["RequestRedirect", "URLRewrite", "RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "ExtensionRef"] as const; // prettier-ignore
/** What would leave nginx' quotes or become its variables (internal/controller/nginx/config/validation). */
const ESCAPED = /^([^"$\\]|\\[^$])*$/;
const PATH = /^\/[^\s{};]*$/;

/** What is wrong with the matches and filters of a rule (httproute.go processHTTPRouteRule). */
export function ruleProblems({ matches = [], filters = [] }: RouteRule, path: string): readonly string[] {
  return [
    ...matches.flatMap((match, at) => matchProblems(match, `${path}.matches[${at}]`)),
    ...filters.flatMap((filter, at) => filterProblems(filter, `${path}.filters[${at}]`)),
  ];
}

function matchProblems({ path, headers = [], queryParams = [] }: RouteMatch, at: string): readonly string[] {
  const problems: string[] = [];
  const value = path?.value ?? "/";
  if (path?.type !== undefined && path.type !== "Exact" && path.type !== "PathPrefix")
    problems.push(notSupported(`${at}.path.type`, path.type, "Exact", "PathPrefix"));
  else if (value.startsWith(INTERNAL))
    problems.push(invalid(`${at}.path.value`, value, "path cannot start with /_ngf-internal. This prefix is reserved for internal use")); // prettier-ignore
  else if (!PATH.test(value))
    problems.push(invalid(`${at}.path.value`, value, `must start with / and must not include any whitespace character, \`{\`, \`}\` or \`;\` (e.g. '/',  or '/path',  or '/path/subpath-123', regex used for validation is '/[^\\s{};]*')`)); // prettier-ignore
  for (const [index, { name }] of headers.entries())
    if (name.includes(":")) problems.push(invalid(`${at}.headers[${index}].name`, name, "cannot contain ':'"));
  for (const [index, { name }] of queryParams.entries())
    if (name.includes("=")) problems.push(invalid(`${at}.queryParams[${index}].name`, name, "cannot contain '='"));
  return problems;
}

function filterProblems(filter: Filter, at: string): readonly string[] {
  if (!(FILTERS as readonly string[]).includes(filter.type)) return [notSupported(`${at}.type`, filter.type, ...FILTERS)]; // prettier-ignore
  if (filter.type === "ExtensionRef") return extensionProblems(filter, `${at}.extensionRef`);
  if (filter.type === "RequestMirror" && !filter.requestMirror) return [required(`${at}.requestMirror`, "requestMirror cannot be nil")]; // prettier-ignore
  const problems: string[] = [];
  for (const field of ["requestHeaderModifier", "responseHeaderModifier"] as const)
    for (const list of ["add", "set"] as const)
      for (const [index, { value }] of (filter[field]?.[list] ?? []).entries())
        if (!ESCAPED.test(value)) problems.push(invalid(`${at}.${field}.${list}[${index}].value`, value, `must have all '"' escaped and must not contain any '$' or end with an unescaped '\\'`)); // prettier-ignore
  for (const field of ["requestRedirect", "urlRewrite"] as const) {
    const change = filter[field]?.path;
    const value = change?.replaceFullPath ?? change?.replacePrefixMatch;
    if (value !== undefined && !/^[^"$\s{};\\]*$/.test(value)) problems.push(invalid(`${at}.${field}.path.${change!.replaceFullPath === undefined ? "replacePrefixMatch" : "replaceFullPath"}`, value, "must be a path without blanks, quotes, braces and variables")); // prettier-ignore
  }
  return problems;
}

/** extension_ref_filter.go validateExtensionRefFilter */
function extensionProblems({ extensionRef: ref }: Filter, at: string): readonly string[] {
  if (!ref) return [required(at, "cannot be nil")];
  if (ref.name === "") return [required(at, "name cannot be empty")];
  if (ref.group !== NGINX) return [notSupported(at, ref.group, NGINX)];
  return ref.kind === "SnippetsFilter" ? [] : [notSupported(at, ref.kind, "SnippetsFilter")];
}

/** Without `--snippets-filters` the controller knows no SnippetsFilter: such a rule answers 500. */
export function unresolvedFilters(rule: RouteRule, path: string): readonly string[] {
  return (rule.filters ?? []).flatMap((filter, index) => {
    const at = `${path}.filters[${index}].extensionRef`;
    const ref = filter.extensionRef;
    return filter.type !== "ExtensionRef" || !ref || extensionProblems(filter, at).length > 0
      ? []
      : [`${at}: Not found: ${JSON.stringify({ group: ref.group, kind: ref.kind, name: ref.name })}`];
  });
}
