FROM a
CMD echo hi
CMD ["echo","hi"]
CMD []
