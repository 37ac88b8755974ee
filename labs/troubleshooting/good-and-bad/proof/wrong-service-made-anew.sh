# scores: 0 of 9
# fails: only every rollout tester deployment-kept
# because only: from Pod client
kubectl -n $ns delete svc $app
kubectl -n $ns expose deployment $app --port=80 --target-port=$port
