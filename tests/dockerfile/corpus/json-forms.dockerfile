FROM alpine
SHELL ["/bin/sh", "-ec"]
RUN ["a", "b c"]
COPY ["a b", "/c"]
ADD [ "a" , "/c" ]
VOLUME ["/a", "/b"]
ENTRYPOINT ["/x"]
CMD []
