import { fnv1a, type Container } from "../../api/index.ts";

/** What tells that a running container is not the one of the specification any more: its name or image (helpers.go HashContainer). */
export function containerHash({ name, image = "" }: Container): string {
  return fnv1a(JSON.stringify({ image, name })).toString(16);
}
