# scores: 0 of 10
# fails: answers follows for-good app-kept deployment-kept
# because follows: does not know the new Service
KUBE_EDITOR="sed -i s/:$apiPort/:6443/" kubectl -n kube-system edit configmap kube-proxy
sleep 20
