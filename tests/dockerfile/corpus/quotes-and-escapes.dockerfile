FROM alpine
ENV A='a\' B=c
ARG D='e\' F
LABEL "g\"h"=i 'j'="k"l
