FROM alpine
LABEL é="ü ö"
RUN echo 日本 # 語
COPY ä b /
