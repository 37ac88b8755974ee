kubectl -n "$ns" patch deployment "$app" -p '{"spec":{"replicas":4,"template":{"spec":{"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule","nodeTaintsPolicy":"Honor","labelSelector":{"matchLabels":{"app":"'$app'"}}}]}}}}'
KUBE_EDITOR="sed -i 's/externalTrafficPolicy: Cluster/externalTrafficPolicy: Local/'" kubectl -n "$ns" edit svc "$app"
answer controlplane "silence"
