FROM alpine
COPY <<one <<two /dir/
first
one
second
two
RUN b
