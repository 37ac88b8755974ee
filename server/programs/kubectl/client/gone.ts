import { StatusError } from "../errors/go-error.ts";

/** A thing that was deleted while it was waited for, as `apierrors.NewNotFound` puts it. */
export function gone(resource: string, name: string): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "NotFound",
    code: 404,
    message: `${resource} ${JSON.stringify(name)} not found`,
    details: { kind: resource },
  });
}
