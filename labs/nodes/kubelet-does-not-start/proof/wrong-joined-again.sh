# scores: 4 of 9
# fails: runs answers-the-api enabled
ssh node01 kubeadm reset -f
kubectl delete node node01
ssh node01 "$(kubeadm token create --print-join-command)"
sleep 20
