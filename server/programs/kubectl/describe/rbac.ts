import type { ClusterRole, KubeObject, RoleBinding } from "../../../sim/kube/api/index.ts";
import { listedRules, ruleColumns } from "../rbac/policy-rules.ts";
import { writeAnnotations, writeLabels, type Description } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe RoleDescriber and ClusterRoleDescriber */
export async function describeRole(session: DescribeSession, subject: Subject): Promise<string> {
  const role = await session.get<ClusterRole>(subject);
  const out = session.paper();
  writeHead(out, role);
  out.write(0, "PolicyRule:\n");
  out.write(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
  out.write(1, "---------\t-----------------\t--------------\t-----\n");
  for (const rule of listedRules(role.rules ?? [])) out.write(1, `${ruleColumns(rule)}\n`);
  return out.text;
}

/** kubectl pkg/describe RoleBindingDescriber and ClusterRoleBindingDescriber */
export async function describeBinding(session: DescribeSession, subject: Subject): Promise<string> {
  const { metadata, roleRef, subjects = [] } = await session.get<RoleBinding>(subject);
  const out = session.paper();
  writeHead(out, { metadata });
  out.write(0, "Role:\n");
  out.write(1, `Kind:\t${roleRef.kind}\n`);
  out.write(1, `Name:\t${roleRef.name}\n`);
  out.write(0, "Subjects:\n");
  out.write(1, "Kind\tName\tNamespace\n");
  out.write(1, "----\t----\t---------\n");
  for (const { kind, name, namespace = "" } of subjects) out.write(1, `${kind}\t${name}\t${namespace}\n`);
  return out.text;
}

function writeHead(out: Description, { metadata }: KubeObject): void {
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
}
