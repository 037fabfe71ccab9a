package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** ENV and ARG: who sees them, who wins, and how words with them are expanded. */
class VariablesTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("an instruction sees the values from before it")
              .dockerfile(
                  """
                  FROM base
                  ENV abc=hello
                  ENV abc=bye def=$abc
                  ENV ghi=$abc
                  """)
              .config(
                  """
                  Env abc=bye
                  Env def=hello
                  Env ghi=bye
                  """)
              .history(
                  """
                  empty ENV abc=hello
                  empty ENV abc=bye def=hello
                  empty ENV ghi=bye
                  """)
              .asBuildah(),
          that("values are quoted, escaped, and in the old form taken whole")
              .dockerfile(
                  """
                  FROM base
                  ENV A="two words" B='$A' C=one\\ two D=\\$A E="\\"q\\"" F=
                  ENV OLD the  "rest" of $A
                  """)
              .config(
                  """
                  Env A=two words
                  Env B=$A
                  Env C=one two
                  Env D=$A
                  Env E="q"
                  Env F=
                  Env OLD=the  rest of two words
                  """),
          that("every modifier does what the reference says")
              .dockerfile(
                  """
                  FROM base
                  ENV v=foo.bar.baz e=
                  ENV a=${v:-x} b=${e:-x} c=${u:-x} d=${e-x} f=${u-x} g=${v:+x} h=${e:+x} i=${e+x}
                  ENV j=${v#*.} k=${v##*.} l=${v%.*} m=${v%%.*} n=${v/ba/BA} o=${v//ba/BA}
                  ENV p=${v}x q=$v.x r=${u} s=${u:-${v}}
                  """)
              .config(
                  """
                  Env v=foo.bar.baz
                  Env e=
                  Env a=foo.bar.baz
                  Env b=x
                  Env c=x
                  Env d=
                  Env f=x
                  Env g=x
                  Env h=
                  Env i=x
                  Env j=bar.baz
                  Env k=baz
                  Env l=foo.bar
                  Env m=foo
                  Env n=foo.BAr.baz
                  Env o=foo.BAr.BAz
                  Env p=foo.bar.bazx
                  Env q=foo.bar.baz.x
                  Env r=
                  Env s=foo.bar.baz
                  """),
          that("a variable that must be there and is not ends the build")
              .dockerfile(
                  """
                  FROM base
                  ENV A=${MISSING:?give-it}
                  """)
              .fails(1, "Dockerfile:2", "MISSING", "give-it"),
          that("with another escape character a backslash is itself")
              .dockerfile(
                  """
                  # escape=`
                  FROM base
                  ENV A=1 `
                      B=C:\\dir C=`$A
                  RUN echo a > /a `
                      && echo b > /b
                  """)
              .config(
                  """
                  Env A=1
                  Env B=C:\\dir
                  Env C=$A
                  """)
              .tree(
                  """
                  /a file 644 0:0 "a$"
                  /b file 644 0:0 "b$"
                  """),
          that("variables are expanded where the reference has them, and not in commands")
              .context(files().file("src/a", "A"))
              .dockerfile(
                  """
                  FROM base
                  ENV N=val P=8080 S=SIGUSR1 D=/dir U=app SRC=src
                  ADD $SRC/a $D/added
                  COPY ${SRC} $D/copied
                  EXPOSE $P
                  LABEL l=$N $N=k
                  STOPSIGNAL $S
                  VOLUME $D
                  WORKDIR $D/w
                  USER $U
                  CMD ["echo", "$N"]
                  ENTRYPOINT echo $N
                  """)
              .tree(
                  """
                  /dir          dir 755 0:0
                  /dir/added    file 644 0:0 "A"
                  /dir/copied   dir 755 0:0
                  /dir/copied/a file 644 0:0 "A"
                  /dir/w        dir 755 0:0
                  """)
              .config(
                  """
                  Cmd ["echo","$N"]
                  Entrypoint ["/bin/sh","-c","echo $N"]
                  Env N=val
                  Env P=8080
                  Env S=SIGUSR1
                  Env D=/dir
                  Env U=app
                  Env SRC=src
                  ExposedPorts {"8080/tcp":{}}
                  Labels {"l":"val","val":"k"}
                  StopSignal "SIGUSR1"
                  User "app"
                  Volumes {"/dir":{}}
                  WorkingDir "/dir/w"
                  """)
              .asBuildah(),
          that("an argument of one stage is not seen by another that is not built on it")
              .dockerfile(
                  """
                  ARG GLOBAL=g
                  FROM base AS one
                  ARG LEAK=leaked
                  RUN echo "[$LEAK][$GLOBAL]" > /one

                  FROM one AS child
                  RUN echo "[$LEAK]" > /child

                  FROM base
                  COPY --from=child /one /child /
                  RUN echo "[$LEAK][$GLOBAL]" > /two
                  ARG GLOBAL
                  RUN echo "[$GLOBAL]" > /three
                  """)
              .tree(
                  """
                  /child file 644 0:0 "[leaked]$"
                  /one   file 644 0:0 "[leaked][]$"
                  /three file 644 0:0 "[g]$"
                  /two   file 644 0:0 "[][]$"
                  """),
          that("--build-arg wins over defaults, also when it is empty")
              .with("--build-arg", "A=given", "--build-arg", "B=", "--build-arg", "G=global")
              .dockerfile(
                  """
                  ARG G=g
                  FROM base
                  ARG A=a B=b C=c
                  ARG G
                  ENV A2=$A B2=[$B] C2=$C G2=$G
                  """)
              .config(
                  """
                  Env A2=given
                  Env B2=[]
                  Env C2=c
                  Env G2=global
                  """),
          that("ENV wins over an ARG of its name before it")
              .with("--build-arg", "V=given")
              .dockerfile(
                  """
                  FROM base
                  ARG V=default
                  RUN echo $V > /before
                  ENV V=env
                  RUN echo $V > /after
                  """)
              .tree(
                  """
                  /after  file 644 0:0 "env$"
                  /before file 644 0:0 "given$"
                  """)
              .config("Env V=env")
              .asBuildah(),
          that("an ARG after an ENV of its name wins over it until the end of the stage")
              .dockerfile(
                  """
                  FROM base
                  ENV V=env
                  ARG V=arg
                  RUN echo $V > /x
                  """)
              .tree("/x file 644 0:0 \"arg$\"")
              .config("Env V=env"),
          that("arguments are in the environment of RUN and in its history, not in the image")
              .with("--build-arg", "A=given")
              .dockerfile(
                  """
                  FROM base
                  ARG A
                  ARG B=b
                  RUN echo $A $B > /x
                  """)
              .tree("/x file 644 0:0 \"given b$\"")
              .config("")
              .history(
                  """
                  empty ARG A…
                  empty ARG B=b
                  layer RUN |2 A=given B=b /bin/sh -c echo $A $B > /x
                  """)
              .asBuildah(),
          that("proxies need no ARG and leave no trace in the image")
              .with("--build-arg", "HTTP_PROXY=http://user:secret@proxy.example:1")
              .dockerfile(
                  """
                  FROM base
                  RUN test "$HTTP_PROXY" = http://user:secret@proxy.example:1 && echo $no_proxy > /x
                  """)
              .tree("/x file 644 0:0 \"$\"")
              .config("")
              .history(
                  """
                  layer RUN /bin/sh -c test "$HTTP_PROXY" = http://user:secret@proxy.example:1 && \
                  echo $no_proxy > /x
                  """),
          that("platform arguments have values, in a stage once they are declared")
              .dockerfile(
                  """
                  FROM --platform=$BUILDPLATFORM base
                  RUN echo "[$TARGETARCH]" > /before
                  ARG TARGETPLATFORM
                  ARG TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM BUILDOS BUILDARCH
                  RUN echo "$TARGETPLATFORM $TARGETOS $TARGETARCH [$TARGETVARIANT]" > /target
                  RUN echo "$BUILDPLATFORM $BUILDOS $BUILDARCH" > /build
                  """)
              .with("--custom-platform", "linux/arm/v7")
              .tree(
                  """
                  /before file 644 0:0 "[]$"
                  /build  file 644 0:0 "linux/amd64 linux amd64$"
                  /target file 644 0:0 "linux/arm/v7 linux arm [v7]$"
                  """),
          that("--build-arg changes a platform argument")
              .with("--build-arg", "TARGETARCH=riscv64")
              .dockerfile(
                  """
                  FROM base
                  ARG TARGETARCH
                  ENV ARCH=$TARGETARCH
                  """)
              .config("Env ARCH=riscv64"),
          that("the image is for the platform that was asked for")
              .with("--custom-platform", "linux/arm/v6")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM --platform=$BUILDPLATFORM base AS tools
                  RUN uname -m > /machine
                  FROM scratch
                  COPY a /
                  """)
              .config(
                  """
                  architecture arm
                  variant v6
                  """)
              .tree("/a file 644 0:0 \"A\""),
          that("FROM --platform is the platform of the image")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM --platform=linux/s390x scratch
                  COPY a /
                  """)
              .config("architecture s390x"),
          that("FROM takes arguments in every part")
              .with("--build-arg", "TAG=se")
              .dockerfile(
                  """
                  ARG NAME=ba
                  ARG TAG=none
                  ARG FULL=${NAME}${TAG}
                  FROM ${FULL} AS stage-ba
                  FROM ${UNKNOWN:-stage-ba}
                  RUN touch /x
                  """)
              .tree("/x file 644 0:0 \"\""),
          that("the base's environment is inherited, changed and seen")
              .image("parent", "FROM base\nENV A=1 B=2 PATH=/opt:$PATH\nRUN mkdir /opt\n")
              .dockerfile(
                  """
                  FROM parent
                  ENV A=$A$B
                  RUN echo $A $PATH > /x
                  """)
              .tree(
                  """
                  /opt dir 755 0:0
                  /x file 644 0:0 "12 /opt:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin$"
                  """)
              .config(
                  """
                  Env PATH=/opt:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
                  Env A=12
                  Env B=2
                  """),
          that("a copy to a place of a variable goes where the variable says now")
              .with("--build-arg", "D=y")
              .context(files().file("a.txt", "A"))
              .dockerfile(
                  """
                  FROM base
                  ARG D=x
                  COPY a.txt /$D
                  """)
              .tree("/y file 644 0:0 \"A\""));
}
