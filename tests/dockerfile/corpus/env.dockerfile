FROM alpine
ENV A=b
ENV A=b C="d e" F=g\ h I='j k'
ENV A b c  d
ENV A="b\"c" \
    D=e
