/**
 * Definitions of the Gateway API (kubernetes-sigs/gateway-api config/crd/standard), without their documentation; HTTPRoute only
 * with the fields that the tests use: names, columns, defaults and rules of those are as published, the schemas are cut down.
 */

const HEAD = (plural: string, kind: string, scope: string, names: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    api-approved.kubernetes.io: https://github.com/kubernetes-sigs/gateway-api/pull/4530
    gateway.networking.k8s.io/channel: standard
  name: ${plural}.gateway.networking.k8s.io
spec:
  group: gateway.networking.k8s.io
  names:
    categories:
    - gateway-api
    kind: ${kind}
    listKind: ${kind}List
    plural: ${plural}
${names}
    singular: ${kind.toLowerCase()}
  scope: ${scope}
  versions:
`;

export const GATEWAY_CLASSES: string = `${HEAD("gatewayclasses", "GatewayClass", "Cluster", "    shortNames:\n    - gc")}
  - additionalPrinterColumns:
    - jsonPath: .spec.controllerName
      name: Controller
      type: string
    - jsonPath: .status.conditions[?(@.type=="Accepted")].status
      name: Accepted
      type: string
    - jsonPath: .metadata.creationTimestamp
      name: Age
      type: date
    - jsonPath: .spec.description
      name: Description
      priority: 1
      type: string
    name: v1
    schema:
      openAPIV3Schema:
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
            properties:
              controllerName:
                maxLength: 253
                minLength: 1
                pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$
                type: string
                x-kubernetes-validations:
                - message: Value is immutable
                  rule: self == oldSelf
              description:
                maxLength: 64
                type: string
            required:
            - controllerName
            type: object
          status:
            default:
              conditions:
              - lastTransitionTime: "1970-01-01T00:00:00Z"
                message: Waiting for controller
                reason: Pending
                status: Unknown
                type: Accepted
            properties:
              conditions:
                default:
                - lastTransitionTime: "1970-01-01T00:00:00Z"
                  message: Waiting for controller
                  reason: Pending
                  status: Unknown
                  type: Accepted
                items:
                  properties:
                    lastTransitionTime:
                      format: date-time
                      type: string
                    message:
                      maxLength: 32768
                      type: string
                    observedGeneration:
                      format: int64
                      minimum: 0
                      type: integer
                    reason:
                      maxLength: 1024
                      minLength: 1
                      pattern: ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
                      type: string
                    status:
                      enum:
                      - "True"
                      - "False"
                      - Unknown
                      type: string
                    type:
                      maxLength: 316
                      pattern: ^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$
                      type: string
                  required:
                  - lastTransitionTime
                  - message
                  - reason
                  - status
                  - type
                  type: object
                maxItems: 8
                type: array
                x-kubernetes-list-map-keys:
                - type
                x-kubernetes-list-type: map
            type: object
        required:
        - spec
        type: object
    served: true
    storage: true
    subresources:
      status: {}
`;

const PATH_RULES = [
  ["value must be an absolute path and start with '/'", "self.value.startsWith('/')"],
  ["must not contain '//'", "!self.value.contains('//')"],
  ["must not contain '/./'", "!self.value.contains('/./')"],
  ["must not contain '/../'", "!self.value.contains('/../')"],
  ["must not contain '%2f'", "!self.value.contains('%2f')"],
  ["must not contain '#'", "!self.value.contains('#')"],
  ["must not end with '/..'", "!self.value.endsWith('/..')"],
]
  .map(
    ([message, rule]) => `
                            - message: "${message} when type one of ['Exact', 'PathPrefix']"
                              rule: "(self.type in ['Exact','PathPrefix']) ? ${rule} : true"`,
  )
  .join("");

const TOTAL = Array.from({ length: 16 }, (_, at) => `(self.size() > ${at} ? self[${at}].matches.size() : 0)`).join(
  " + ",
);

export const HTTP_ROUTES: string = `${HEAD("httproutes", "HTTPRoute", "Namespaced", "")}
  - additionalPrinterColumns:
    - jsonPath: .spec.hostnames
      name: Hostnames
      type: string
    - jsonPath: .metadata.creationTimestamp
      name: Age
      type: date
    name: v1
    schema:
      openAPIV3Schema:
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
            properties:
              hostnames:
                items:
                  maxLength: 253
                  minLength: 1
                  pattern: ^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
                  type: string
                maxItems: 16
                type: array
                x-kubernetes-list-type: atomic
              parentRefs:
                items:
                  properties:
                    group:
                      default: gateway.networking.k8s.io
                      maxLength: 253
                      type: string
                    kind:
                      default: Gateway
                      maxLength: 63
                      minLength: 1
                      type: string
                    name:
                      maxLength: 253
                      minLength: 1
                      type: string
                    namespace:
                      maxLength: 63
                      minLength: 1
                      type: string
                    sectionName:
                      maxLength: 253
                      minLength: 1
                      type: string
                  required:
                  - name
                  type: object
                maxItems: 32
                type: array
                x-kubernetes-list-type: atomic
                x-kubernetes-validations:
                - message: sectionName must be specified when parentRefs includes 2 or more references to the same parent
                  rule: 'self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind
                    && p1.name == p2.name && (((!has(p1.__namespace__) || p1.__namespace__
                    == '''') && (!has(p2.__namespace__) || p2.__namespace__ == '''')) || (has(p1.__namespace__)
                    && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__ )) ? ((!has(p1.sectionName)
                    || p1.sectionName == '''') == (!has(p2.sectionName) || p2.sectionName == '''')) : true))'
              rules:
                default:
                - matches:
                  - path:
                      type: PathPrefix
                      value: /
                items:
                  properties:
                    backendRefs:
                      items:
                        properties:
                          group:
                            default: ""
                            maxLength: 253
                            type: string
                          kind:
                            default: Service
                            maxLength: 63
                            minLength: 1
                            type: string
                          name:
                            maxLength: 253
                            minLength: 1
                            type: string
                          port:
                            format: int32
                            maximum: 65535
                            minimum: 1
                            type: integer
                          weight:
                            default: 1
                            format: int32
                            maximum: 1000000
                            minimum: 0
                            type: integer
                        required:
                        - name
                        type: object
                        x-kubernetes-validations:
                        - message: Must have port for Service reference
                          rule: '(size(self.group) == 0 && self.kind == ''Service'') ? has(self.port) : true'
                      maxItems: 16
                      type: array
                      x-kubernetes-list-type: atomic
                    filters:
                      items:
                        properties:
                          requestRedirect:
                            properties:
                              path:
                                properties:
                                  replacePrefixMatch:
                                    maxLength: 1024
                                    type: string
                                  type:
                                    enum:
                                    - ReplaceFullPath
                                    - ReplacePrefixMatch
                                    type: string
                                required:
                                - type
                                type: object
                              statusCode:
                                default: 302
                                enum:
                                - 301
                                - 302
                                type: integer
                            type: object
                          type:
                            enum:
                            - RequestHeaderModifier
                            - RequestRedirect
                            type: string
                        required:
                        - type
                        type: object
                        x-kubernetes-validations:
                        - message: filter.requestRedirect must be nil if the filter.type is not RequestRedirect
                          rule: '!(has(self.requestRedirect) && self.type != ''RequestRedirect'')'
                        - message: filter.requestRedirect must be specified for RequestRedirect filter.type
                          rule: '!(!has(self.requestRedirect) && self.type == ''RequestRedirect'')'
                      maxItems: 16
                      type: array
                      x-kubernetes-list-type: atomic
                      x-kubernetes-validations:
                      - message: RequestRedirect filter cannot be repeated
                        rule: self.filter(f, f.type == 'RequestRedirect').size() <= 1
                    matches:
                      default:
                      - path:
                          type: PathPrefix
                          value: /
                      items:
                        properties:
                          path:
                            default:
                              type: PathPrefix
                              value: /
                            properties:
                              type:
                                default: PathPrefix
                                enum:
                                - Exact
                                - PathPrefix
                                - RegularExpression
                                type: string
                              value:
                                default: /
                                maxLength: 1024
                                type: string
                            type: object
                            x-kubernetes-validations:${PATH_RULES}
                        type: object
                      maxItems: 64
                      type: array
                      x-kubernetes-list-type: atomic
                  type: object
                  x-kubernetes-validations:
                  - message: RequestRedirect filter must not be used together with backendRefs
                    rule: '(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters)
                      || self.filters.all(f, !has(f.requestRedirect))): true'
                  - message: When using RequestRedirect filter with path.replacePrefixMatch, exactly
                      one PathPrefix match must be specified
                    rule: '(has(self.filters) && self.filters.exists_one(f, has(f.requestRedirect)
                      && has(f.requestRedirect.path) && f.requestRedirect.path.type == ''ReplacePrefixMatch''
                      && has(f.requestRedirect.path.replacePrefixMatch))) ? ((size(self.matches)
                      != 1 || !has(self.matches[0].path) || self.matches[0].path.type != ''PathPrefix'')
                      ? false : true) : true'
                maxItems: 16
                type: array
                x-kubernetes-list-type: atomic
                x-kubernetes-validations:
                - message: While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a route must be less than 128
                  rule: '${TOTAL} <= 128'
            type: object
          status:
            properties:
              parents:
                items:
                  properties:
                    controllerName:
                      type: string
                  type: object
                maxItems: 32
                type: array
                x-kubernetes-list-type: atomic
            required:
            - parents
            type: object
        required:
        - spec
        type: object
    served: true
    storage: true
    subresources:
      status: {}
`;
