/** `nginx:latest` for `docker.io/library/nginx:latest`. */
export function familiar(reference: string): string {
  return reference.replace(/^docker\.io\/(library\/)?/, "");
}
