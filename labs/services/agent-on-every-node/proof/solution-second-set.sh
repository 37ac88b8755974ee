kubectl -n "$ns" get daemonset "$agent" -o json > set.json
jq '.metadata.name += "-cp" | .spec.selector.matchLabels.role = "cp" | .spec.template.metadata.labels.role = "cp" | .spec.template.spec += {tolerations: [{key: "node-role.kubernetes.io/control-plane", operator: "Exists"}], nodeSelector: {"node-role.kubernetes.io/control-plane": ""}} | del(.metadata.uid, .metadata.resourceVersion, .status)' set.json | kubectl create -f -
kubectl -n "$ns" rollout status "daemonset/$agent-cp"
