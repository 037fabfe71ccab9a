FROM --platform=linux/arm64 docker.io/library/alpine:3.20@sha256:abc AS Build-1.x_y
