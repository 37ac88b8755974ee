import { rfc3339, type Time } from "../../../kernel/index.ts";
import type { Condition, StatusCondition } from "./kinds.ts";

/** What statuses say, in the controller's words (internal/controller/state/conditions/conditions.go). */

const yes = (type: string, reason: string, message: string): Condition => ({ type, status: "True", reason, message });
const no = (type: string, reason: string, message: string): Condition => ({ type, status: "False", reason, message });

export const CLASS_DEFAULTS: readonly Condition[] = [
  yes("Accepted", "Accepted", "GatewayClass is accepted"),
  yes("SupportedVersion", "SupportedVersion", "Gateway API CRD versions are supported"),
];
export const CLASS_CONFLICT = no("Accepted", "GatewayClassConflict", "The resource is ignored due to a conflicting GatewayClass resource"); // prettier-ignore
export const PARAMETERS_RESOLVED = yes("ResolvedRefs", "ResolvedRefs", "ParametersRef resource is resolved");
export const PARAMETERS_NOT_FOUND = no("ResolvedRefs", "ParametersRefNotFound", "ParametersRef resource could not be found"); // prettier-ignore

/** It stays accepted: a wrong reference must not take the whole configuration down. */
export function parametersIgnored(what: "Gateway" | "GatewayClass", message: string): Condition {
  return yes("Accepted", "InvalidParameters", `${what} is accepted, but ParametersRef is ignored due to an error: ${message}`); // prettier-ignore
}

export const GATEWAY_DEFAULTS: readonly Condition[] = [
  yes("Accepted", "Accepted", "Gateway is accepted"),
  yes("Programmed", "Programmed", "Gateway is programmed"),
];
export const SOME_LISTENERS_VALID = yes("Accepted", "ListenersNotValid", "Gateway has at least one valid listener");
export const NO_LISTENERS_VALID: readonly Condition[] = [
  no("Accepted", "ListenersNotValid", "Gateway has no valid listeners"),
  no("Programmed", "Invalid", "Gateway has no valid listeners"),
];

export function gatewayInvalid(message: string): readonly Condition[] {
  return [no("Accepted", "Invalid", message), no("Programmed", "Invalid", message)];
}

const NOT_LOADED = "is not programmed due to a failure to reload nginx with the configuration";

/** An nginx did not take the configuration: of the Gateway, of each listener, of each route. */
export function gatewayNotLoaded(error: string): Condition {
  return no("Programmed", "Invalid", `The Gateway ${NOT_LOADED}: ${error}`);
}

export function listenerNotLoaded(error: string): Condition {
  return notProgrammed(`The Listener ${NOT_LOADED}: ${error}`);
}

export function routeNotLoaded(error: string): Condition {
  return no("Accepted", "GatewayNotProgrammed", `The Gateway ${NOT_LOADED}. NGINX may still be configured for this Route. However, future updates to this resource will not be configured until the Gateway is programmed again: ${error}`); // prettier-ignore
}

export const ADDRESS_UNUSABLE = no("Programmed", "AddressNotUsable", "Invalid IP address");

export const LISTENER_DEFAULTS: readonly Condition[] = [
  yes("Accepted", "Accepted", "Listener is accepted"),
  yes("Programmed", "Programmed", "Listener is programmed"),
  yes("ResolvedRefs", "ResolvedRefs", "All references are resolved"),
  no("Conflicted", "NoConflicts", "No conflicts"),
];

const notProgrammed = (message: string): Condition => no("Programmed", "Invalid", message);

export function listenerUnsupported(message: string): readonly Condition[] {
  return [no("Accepted", "UnsupportedValue", message), notProgrammed(message)];
}

export function listenerProtocolUnsupported(message: string): readonly Condition[] {
  return [no("Accepted", "UnsupportedProtocol", message), notProgrammed(message)];
}

export function listenerRouteKinds(message: string): readonly Condition[] {
  return [no("ResolvedRefs", "InvalidRouteKinds", message), notProgrammed(message)];
}

export function listenerCertificate(
  reason: "InvalidCertificateRef" | "RefNotPermitted",
  message: string,
): readonly Condition[] {
  // prettier-ignore
  return [no("Accepted", reason, message), no("ResolvedRefs", reason, message), notProgrammed(message)];
}

export function listenerConflict(
  reason: "ProtocolConflict" | "HostnameConflict",
  message: string,
): readonly Condition[] {
  // prettier-ignore
  return [no("Accepted", reason, message), yes("Conflicted", reason, message), notProgrammed(message)];
}

export const ROUTE_DEFAULTS: readonly Condition[] = [
  yes("Accepted", "Accepted", "The route is accepted"),
  yes("ResolvedRefs", "ResolvedRefs", "All references are resolved"),
];
export const ROUTE_NOT_ALLOWED = no("Accepted", "NotAllowedByListeners", "Route is not allowed by any listener");
export const ROUTE_NO_HOSTNAME = no("Accepted", "NoMatchingListenerHostname", "Listener hostname does not match the Route hostnames"); // prettier-ignore
export const ROUTE_NO_PARENT = no("Accepted", "NoMatchingParent", "Listener is not found for this parent ref");
export const ROUTE_INVALID_LISTENER = no("Accepted", "InvalidListener", "Listener is invalid for this parent ref");
export const ROUTE_INVALID_GATEWAY = no("Accepted", "InvalidGateway", "Gateway is invalid");

export function routeRulesInvalid(message: string, all: boolean): Condition {
  return all
    ? no("Accepted", "UnsupportedValue", `All rules are invalid: ${message}`)
    : yes("PartiallyInvalid", "UnsupportedValue", `Dropped Rule(s): ${message}`);
}

export function routeUnresolved(
  reason: "BackendNotFound" | "InvalidFilter" | "InvalidKind" | "RefNotPermitted" | "UnsupportedValue",
  message: string,
): Condition {
  // prettier-ignore
  return no("ResolvedRefs", reason, message);
}

/** Of one type the last counts; the order stays (DeduplicateConditions). */
export function lastOfEach(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(({ type }, at) => conditions.findLastIndex((other) => other.type === type) === at);
}

export function dated(conditions: readonly Condition[], generation: number | undefined, now: Time): StatusCondition[] {
  return lastOfEach(conditions).map(({ type, status, reason, message }) => ({
    lastTransitionTime: rfc3339(now),
    message,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    reason,
    status,
    type,
  }));
}
