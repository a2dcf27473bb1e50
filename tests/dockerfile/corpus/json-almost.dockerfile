FROM alpine
CMD ['a', 'b']
RUN [ -f a ] && b
ENTRYPOINT ["a",]
