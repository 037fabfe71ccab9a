package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** The instructions that change nothing but what a container starts with. */
class ConfigurationTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("what is written to a volume after VOLUME is kept")
              .context(files().file("d/c", "C"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /data && echo 1 > /data/before
                  VOLUME /data /other
                  RUN echo 2 > /data/after && chmod 700 /data
                  COPY d /data
                  """)
              .tree(
                  """
                  /data        dir 700 0:0
                  /data/after  file 644 0:0 "2$"
                  /data/before file 644 0:0 "1$"
                  /data/c      file 644 0:0 "C"
                  """)
              .config("Volumes {\"/data\":{},\"/other\":{}}")
              .history(
                  """
                  layer RUN /bin/sh -c mkdir /data && echo 1 > /data/before
                  empty VOLUME [/data /other]
                  layer RUN /bin/sh -c echo 2 > /data/after && chmod 700 /data
                  layer COPY d /data
                  """),
          that("VOLUME has a JSON form, and what is no JSON is words")
              .dockerfile(
                  """
                  FROM base
                  VOLUME ["/a b", "/c"]
                  VOLUME [/d /e]
                  """)
              .config("Volumes {\"/a b\":{},\"/c\":{},\"/e]\":{},\"[/d\":{}}"),
          that("HEALTHCHECK keeps every option")
              .dockerfile(
                  """
                  FROM base
                  HEALTHCHECK --interval=1m30s --timeout=3s --start-period=500ms \\
                    --start-interval=2s --retries=4 CMD wget -q localhost || exit 1
                  """)
              .config(
                  """
                  Healthcheck {"Test":["CMD-SHELL","wget -q localhost || exit 1"],\
                  "Interval":90000000000,"Timeout":3000000000,"StartPeriod":500000000,\
                  "StartInterval":2000000000,"Retries":4}
                  """),
          that("HEALTHCHECK in exec form, and NONE for a base's")
              .dockerfile(
                  """
                  FROM base AS checked
                  HEALTHCHECK CMD ["true", "$x"]
                  FROM checked
                  HEALTHCHECK NONE
                  """)
              .config("Healthcheck {\"Test\":[\"NONE\"]}"),
          that("EXPOSE has protocols, ranges and variables of several ports")
              .dockerfile(
                  """
                  FROM base
                  ENV PORTS="1 2/udp"
                  EXPOSE 80 80/tcp 53/UDP 7000-7002 9/sctp $PORTS
                  """)
              .config(
                  """
                  Env PORTS=1 2/udp
                  ExposedPorts {"1/tcp":{},"2/udp":{},"53/udp":{},"7000/tcp":{},"7001/tcp":{},\
                  "7002/tcp":{},"80/tcp":{},"9/sctp":{}}
                  """),
          that("LABEL takes names and values in quotes, over several lines")
              .dockerfile(
                  """
                  FROM base
                  LABEL "com.example.vendor"="ACME \\"Inc\\"" version="1.0" \\
                        description="text that goes \\
                  on" 'single'='$x' empty=
                  LABEL version="2.0" multi.word=a\\ b
                  LABEL old the way it  was
                  """)
              .config(
                  """
                  Labels {"com.example.vendor":"ACME \\"Inc\\"","description":"text that goes on",\
                  "empty":"","multi.word":"a b","old":"the way it  was","single":"$x","version":"2.0"}
                  """),
          that("ENTRYPOINT takes away the command of the base, not that of its own stage")
              .image("parent", "FROM base\nCMD [\"inherited\"]\n")
              .dockerfile(
                  """
                  FROM parent
                  ENTRYPOINT ["entry"]
                  """)
              .config("Entrypoint [\"entry\"]"),
          that("CMD before ENTRYPOINT in one stage stays")
              .dockerfile(
                  """
                  FROM base
                  CMD ["arg"]
                  ENTRYPOINT ["entry"]
                  """)
              .config(
                  """
                  Cmd ["arg"]
                  Entrypoint ["entry"]
                  """)
              .asBuildah(),
          that("the last CMD and the last ENTRYPOINT count, empty ones take away")
              .dockerfile(
                  """
                  FROM base
                  CMD one
                  CMD ["two", "a b"]
                  ENTRYPOINT ["e"]
                  ENTRYPOINT []
                  """)
              .config("Cmd [\"two\",\"a b\"]")
              .history(
                  """
                  empty CMD ["/bin/sh" "-c" "one"]
                  empty CMD ["two" "a b"]
                  empty ENTRYPOINT ["e"]
                  empty ENTRYPOINT []
                  """),
          that("MAINTAINER is the author")
              .dockerfile(
                  """
                  FROM base
                  MAINTAINER Some One <one@example.com>
                  """)
              .config("author Some One <one@example.com>")
              .history("empty MAINTAINER Some One <one@example.com>"),
          that("STOPSIGNAL is a name or a number")
              .dockerfile(
                  """
                  FROM base
                  STOPSIGNAL 9
                  STOPSIGNAL SIGRTMIN+3
                  """)
              .config("StopSignal \"SIGRTMIN+3\"")
              .asBuildah(),
          that("STOPSIGNAL that is none is refused")
              .dockerfile("FROM base\nSTOPSIGNAL SIGNOPE\n")
              .fails(1, "Dockerfile:2", "SIGNOPE"),
          that("all that a base has is inherited")
              .image(
                  "parent",
                  """
                  FROM base
                  ENV A=1
                  EXPOSE 80
                  VOLUME /v
                  LABEL l=1
                  STOPSIGNAL SIGHUP
                  USER app
                  WORKDIR /
                  ENTRYPOINT ["e"]
                  CMD ["c"]
                  SHELL ["/bin/busybox", "sh", "-c"]
                  HEALTHCHECK --retries=2 CMD true
                  """)
              .dockerfile(
                  """
                  FROM parent
                  EXPOSE 81
                  LABEL m=2
                  """)
              .config(
                  """
                  Cmd ["c"]
                  Entrypoint ["e"]
                  Env A=1
                  ExposedPorts {"80/tcp":{},"81/tcp":{}}
                  Healthcheck {"Test":["CMD-SHELL","true"],"Retries":2}
                  Labels {"l":"1","m":"2"}
                  Shell ["/bin/busybox","sh","-c"]
                  StopSignal "SIGHUP"
                  User "app"
                  Volumes {"/v":{}}
                  WorkingDir "/"
                  """),
          that("triggers are run in the next stage built on them, and in none after it")
              .image(
                  "parent",
                  """
                  FROM base
                  WORKDIR /app
                  ONBUILD COPY . /app/
                  ONBUILD RUN cat /app/f > /seen && echo $V >> /seen
                  ONBUILD ENV FROM_TRIGGER=1
                  """)
              .context(files().file("f", "F\n"))
              .dockerfile(
                  """
                  FROM parent AS one
                  RUN touch /own
                  FROM one
                  RUN rm /own
                  """)
              .tree(
                  """
                  /app   dir 755 0:0
                  /app/f file 644 0:0 "F$"
                  /seen  file 644 0:0 "F$$"
                  """)
              .config(
                  """
                  Env FROM_TRIGGER=1
                  WorkingDir "/app"
                  """)
              .history(
                  """
                  layer WORKDIR /app
                  empty ONBUILD COPY . /app/
                  empty ONBUILD RUN cat /app/f > /seen && echo $V >> /seen
                  empty ONBUILD ENV FROM_TRIGGER=1
                  layer COPY . /app/
                  layer RUN /bin/sh -c cat /app/f > /seen && echo $V >> /seen
                  empty ENV FROM_TRIGGER=1
                  layer RUN /bin/sh -c touch /own
                  layer RUN /bin/sh -c rm /own
                  """),
          that("triggers are kept in the image they are written in")
              .dockerfile(
                  """
                  FROM base
                  ONBUILD RUN exit 9
                  ONBUILD COPY --from=base /a /b
                  """)
              .config("OnBuild [\"RUN exit 9\",\"COPY --from=base /a /b\"]")
              .history(
                  """
                  empty ONBUILD RUN exit 9
                  empty ONBUILD COPY --from=base /a /b
                  """),
          that("triggers of a stage of the same Dockerfile are run too")
              .dockerfile(
                  """
                  FROM base AS one
                  ONBUILD RUN touch /triggered
                  FROM one
                  RUN test -e /triggered && touch /yes
                  """)
              .tree(
                  """
                  /triggered file 644 0:0 ""
                  /yes       file 644 0:0 ""
                  """),
          that("a trigger copies from a stage of the Dockerfile it runs in")
              .image("parent", "FROM base\nONBUILD COPY --from=tools /t /t\n")
              .dockerfile(
                  """
                  FROM base AS tools
                  RUN echo t > /t
                  FROM parent
                  """)
              .tree("/t file 644 0:0 \"t$\""),
          that("a trigger may not be FROM, MAINTAINER or ONBUILD")
              .dockerfile(
                  """
                  FROM base
                  ONBUILD FROM x
                  ONBUILD ONBUILD RUN true
                  """)
              .fails(1, "Dockerfile:2", "FROM", "Dockerfile:3"));
}
