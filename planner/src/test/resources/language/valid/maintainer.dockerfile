FROM a
MAINTAINER  Jo Doe <jo@example.com>
