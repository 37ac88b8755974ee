# scores: 0 of 7
# fails: answers follows kept
# because answers: nobody has written them
kubectl -n $ns set selector service $app app=$app
sleep 30
