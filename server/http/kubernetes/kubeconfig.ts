/**
 * A kubeconfig for a session's API: no credentials, since whoever knows the address is its administrator. client-node
 * wants to be told that plain HTTP is meant; kubectl does not mind.
 */
export function kubeconfig(server: string, name = "kubernetes"): string {
  return `apiVersion: v1
kind: Config
clusters:
- cluster:
    insecure-skip-tls-verify: true
    server: ${server}
  name: ${name}
contexts:
- context:
    cluster: ${name}
    user: ${name}-admin
  name: ${name}-admin@${name}
current-context: ${name}-admin@${name}
preferences: {}
users:
- name: ${name}-admin
  user: {}
`;
}
