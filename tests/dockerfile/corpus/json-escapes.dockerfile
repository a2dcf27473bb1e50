FROM alpine
CMD ["\u00e9", "\"", "\\", "\ud83d\ude00"]
