from alpine as base
run echo hello
From base
Cmd ["true"]
