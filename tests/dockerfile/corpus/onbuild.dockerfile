FROM alpine
ONBUILD COPY . /app
ONBUILD RUN ["make"]
onbuild entrypoint ["a"]
ONBUILD ENV A=b
