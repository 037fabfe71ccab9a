FROM alpine AS context
FROM alpine AS Scratch
