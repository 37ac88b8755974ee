import { dataType } from "./data-type.ts";
import { fieldNamed } from "./field.ts";
import { TCP } from "../netfilter/protocols.ts";
import { sortIntervals } from "./interval.ts";
import type { Expression, NftFamily, Right, SetReference, Statement } from "./row.ts";

/** What the kernel keeps of a rule, and nft shows again: no comparison twice, no set of one value. */
export function tidy(statements: readonly Statement[], family: NftFamily): Statement[] {
  const out: Statement[] = [];
  /** Places of comparisons that only say what a field behind them needs, too; statements end their reach. */
  let transport: { readonly at: number; readonly protocol: number } | undefined;
  let network: { readonly at: number; readonly family: 4 | 6 } | undefined;
  for (const raw of withProtocols(statements, family)) {
    const statement = raw.kind === "match" ? tidyMatch(raw) : tidySets(raw);
    const fields = fieldsIn(statement);
    if (transport && fields.some((field) => field.protocol === transport?.protocol)) {
      out.splice(transport.at, 1);
      if (network && network.at > transport.at) network = { ...network, at: network.at - 1 };
      transport = undefined;
    }
    if (network && fields.some((field) => field.family === network?.family)) {
      out.splice(network.at, 1);
      if (transport && transport.at > network.at) transport = { ...transport, at: transport.at - 1 };
      network = undefined;
    }
    if (statement.kind !== "match") transport = network = undefined;
    const said = saysOf(statement, family);
    if (said?.protocol !== undefined) transport = { at: out.length, protocol: said.protocol };
    if (said?.family !== undefined) network = { at: out.length, family: said.family };
    out.push(statement);
  }
  return out;
}

/** Where packets of all families pass, a reset is shown with the protocol that it needs. */
function withProtocols(statements: readonly Statement[], family: NftFamily): readonly Statement[] {
  if (family !== "inet") return statements;
  const at = statements.findIndex((statement) => statement.kind === "reject" && statement.family === "tcp");
  if (at < 0 || statements.slice(0, at).some(tellsTcp)) return statements;
  const left = { kind: "field", name: "meta l4proto" } as const;
  return statements.toSpliced(at, 0, { kind: "match", left, op: "implicit", right: [{ kind: "value", value: TCP }] });
}

function tellsTcp(statement: Statement): boolean {
  if (statement.kind !== "match") return false;
  const [one] = Array.isArray(statement.right) ? (statement.right as readonly Right[]) : [];
  const said = one?.kind === "value" && one.value === TCP;
  return fieldsOfExpression(statement.left).some((field) => field?.protocol === TCP || (said && field?.name === "meta l4proto")); // prettier-ignore
}

type Match = Extract<Statement, { kind: "match" }>;

function tidyMatch(match: Match): Statement {
  const single = isReference(match.right) && match.right.kind === "anonymous" && match.right.set.elements.length === 1;
  const right = isReference(match.right) ? tidyReference(match.right) : match.right;
  const type = match.left.kind === "field" ? fieldNamed(match.left.name)?.type : undefined;
  const op = match.op === "==" && !(type !== undefined && dataType(type)?.bitmask) && match.left.kind !== "binary" ? "implicit" : match.op; // prettier-ignore
  if (single && isReference(right) && right.kind === "anonymous") {
    const [only] = right.set.elements;
    if (only!.comment === undefined) return { ...match, op, right: only!.key };
  }
  return { ...match, op, right };
}

function tidySets(statement: Statement): Statement {
  if (statement.kind === "vmap") return { ...statement, map: tidyReference(statement.map) };
  return statement;
}

/** Intervals of a set in a rule are merged; a map's stay. */
function tidyReference(reference: SetReference): SetReference {
  if (reference.kind === "named") return reference;
  const { set } = reference;
  if (!set.interval || set.key.length > 1 || set.data) return reference;
  if (set.elements.length < 2) return reference;
  return { kind: "anonymous", set: { ...set, elements: sortIntervals(set.elements, set.key[0]!, true) } };
}

export function isReference(right: Right | readonly Right[] | SetReference): right is SetReference {
  return !Array.isArray(right) && ((right as SetReference).kind === "named" || (right as SetReference).kind === "anonymous"); // prettier-ignore
}

/** Fields of an expression, with what is inside of it. */
export function fieldsOfExpression(expression: Expression): ReturnType<typeof fieldNamed>[] {
  switch (expression.kind) {
    case "field":
      return [fieldNamed(expression.name)];
    case "concat":
      return expression.parts.flatMap(fieldsOfExpression);
    case "binary":
      return fieldsOfExpression(expression.left);
    case "jhash":
      return fieldsOfExpression(expression.of);
    case "map":
      return fieldsOfExpression(expression.key);
    default:
      return [];
  }
}

function fieldsIn(statement: Statement): { readonly family?: 4 | 6; readonly protocol?: number }[] {
  const fields =
    statement.kind === "match"
      ? fieldsOfExpression(statement.left)
      : statement.kind === "vmap"
        ? fieldsOfExpression(statement.key)
        : [];
  const out: { family?: 4 | 6; protocol?: number }[] = fields.flatMap((field) => (field ? [field] : []));
  return out;
}

/** What a comparison says of the packet's protocols. `ip protocol` does so only where all packets are IPv4. */
function saysOf(
  statement: Statement,
  family: NftFamily,
): { readonly protocol?: number; readonly family?: 4 | 6 } | undefined {
  if (statement.kind !== "match" || statement.left.kind !== "field" || isReference(statement.right)) return undefined;
  if (statement.op !== "implicit" || !Array.isArray(statement.right)) return undefined;
  const [one] = statement.right as readonly Right[];
  if (one?.kind !== "value" || typeof one.value !== "number") return undefined;
  const { name } = statement.left;
  if (name === "meta l4proto") return { protocol: one.value };
  if ((name === "ip protocol" && family === "ip") || (name === "ip6 nexthdr" && family === "ip6"))
    return { protocol: one.value };
  if (name === "meta nfproto") return { family: one.value === 2 ? 4 : 6 };
  return undefined;
}
