import {
  forbidden,
  invalid,
  invalidEach,
  names,
  notSupported,
  required,
  type Container,
  type FieldErrors,
  type Handler,
  type HttpGetAction,
  type Probe,
} from "../../api/index.ts";
import { validatePort } from "./ports.ts";

export const NOT_NEGATIVE = "must be greater than or equal to 0";

export function notNegative(value: number | undefined, path: string): FieldErrors {
  return (value ?? 0) < 0 ? [invalid(path, value, NOT_NEGATIVE)] : [];
}

/** Probes and hooks of a container, in the server's order. */
export function validateProbes(container: Container, grace: number | undefined, path: string): FieldErrors {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const found: FieldErrors = [];
  if (lifecycle?.postStart) found.push(...validateHandler(lifecycle.postStart, grace, `${path}.lifecycle.postStart`));
  if (lifecycle?.preStop) found.push(...validateHandler(lifecycle.preStop, grace, `${path}.lifecycle.preStop`));
  if (livenessProbe)
    found.push(
      ...validateProbe(livenessProbe, grace, `${path}.livenessProbe`),
      ...once(livenessProbe, `${path}.livenessProbe`),
    );
  if (readinessProbe) {
    found.push(...validateProbe(readinessProbe, grace, `${path}.readinessProbe`));
    if (readinessProbe.terminationGracePeriodSeconds !== undefined)
      found.push(
        invalid(
          `${path}.readinessProbe.terminationGracePeriodSeconds`,
          readinessProbe.terminationGracePeriodSeconds,
          "must not be set for readinessProbes",
        ),
      );
  }
  if (startupProbe)
    found.push(
      ...validateProbe(startupProbe, grace, `${path}.startupProbe`),
      ...once(startupProbe, `${path}.startupProbe`),
    );
  return found;
}

function once({ successThreshold }: Probe, path: string): FieldErrors {
  return successThreshold === 1 ? [] : [invalid(`${path}.successThreshold`, successThreshold, "must be 1")];
}

function validateProbe(probe: Probe, grace: number | undefined, path: string): FieldErrors {
  const found = validateHandler(probe, grace, path);
  found.push(
    ...notNegative(probe.initialDelaySeconds, `${path}.initialDelaySeconds`),
    ...notNegative(probe.timeoutSeconds, `${path}.timeoutSeconds`),
    ...notNegative(probe.periodSeconds, `${path}.periodSeconds`),
    ...notNegative(probe.successThreshold, `${path}.successThreshold`),
    ...notNegative(probe.failureThreshold, `${path}.failureThreshold`),
  );
  const own = probe.terminationGracePeriodSeconds;
  if (own !== undefined && own <= 0)
    found.push(invalid(`${path}.terminationGracePeriodSeconds`, own, "must be greater than 0"));
  return found;
}

function validateHandler(handler: Handler, grace: number | undefined, path: string): FieldErrors {
  const found: FieldErrors = [];
  let first = true;
  const one = (name: keyof Handler, check: (at: string) => FieldErrors): void => {
    if (!handler[name]) return;
    if (first) found.push(...check(`${path}.${name}`));
    else found.push(forbidden(`${path}.${name}`, "may not specify more than 1 handler type"));
    first = false;
  };
  one("exec", (at) => (handler.exec!.command?.length ? [] : [required(`${at}.command`)]));
  one("httpGet", (at) => validateHttpGet(handler.httpGet!, at));
  one("tcpSocket", (at) => validatePort(handler.tcpSocket!.port, `${at}.port`));
  one("grpc", (at) => validatePort(handler.grpc!.port, `${at}.port`));
  one("sleep", (at) => {
    const { seconds } = handler.sleep!;
    if (grace === undefined || (seconds >= 0 && seconds <= grace)) return [];
    return [invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)];
  });
  return first ? [required(path, "must specify a handler type")] : found;
}

const SCHEMES = ["HTTP", "HTTPS"];

function validateHttpGet(
  { path: target, port, scheme = "", httpHeaders = [] }: HttpGetAction,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  if (!target) found.push(required(`${path}.path`));
  found.push(...validatePort(port, `${path}.port`));
  if (!SCHEMES.includes(scheme)) found.push(notSupported(`${path}.scheme`, scheme, SCHEMES));
  for (const { name } of httpHeaders) found.push(...invalidEach(`${path}.httpHeaders`, name, names.headerName(name)));
  return found;
}
