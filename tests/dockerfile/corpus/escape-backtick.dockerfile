# escape=`
FROM alpine
RUN a `
  b
COPY c:\ d\
ENV A=x` y B=z
