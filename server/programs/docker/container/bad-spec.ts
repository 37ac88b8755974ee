import { Fatal } from "../command.ts";

/** What `docker run` and `docker create` cannot be asked for. */
export function badSpec(message: string): Fatal {
  return new Fatal(`docker: ${message}\n\nRun 'docker run --help' for more information`, 125);
}
