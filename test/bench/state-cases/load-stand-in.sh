# In the place of Locust where only its being there matters: it runs until its SIGTERM.
trap 'exit 0' TERM
sleep infinity &
wait
