package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Arriving.SEVERAL_TARGETS;
import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** Several stages: which are built, on what, and which is the image. */
class StagesTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("a stage nobody needs is not built")
              .dockerfile(
                  """
                  FROM base AS unused
                  RUN exit 9
                  FROM no-such-registry.invalid/image AS also-unused
                  FROM base
                  RUN touch /x
                  """)
              .tree("/x file 644 0:0 \"\"")
              .asBuildah(),
          that("--target is the image, in any case")
              .with("--target", "MIDDLE")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN touch /one
                  FROM one AS Middle
                  ENV A=1
                  RUN touch /two
                  FROM base AS last
                  RUN exit 9
                  """)
              .tree(
                  """
                  /one file 644 0:0 ""
                  /two file 644 0:0 ""
                  """)
              .config("Env A=1")
              .history(
                  """
                  layer RUN /bin/sh -c touch /one
                  empty ENV A=1
                  layer RUN /bin/sh -c touch /two
                  """),
          that("a target nobody knows is refused with those there are")
              .with("--target", "midle")
              .dockerfile(
                  """
                  FROM base AS middle
                  FROM base AS last
                  """)
              .fails(1, "midle", "middle"),
          that("a stage on a stage has its files, configuration and history")
              .dockerfile(
                  """
                  FROM base AS one
                  ENV A=1
                  WORKDIR /w
                  USER app
                  LABEL l=1
                  CMD ["c"]
                  FROM one AS two
                  RUN echo $A > x || true
                  USER root
                  RUN echo $A > x
                  """)
              .tree(
                  """
                  /w   dir 755 0:0
                  /w/x file 644 0:0 "1$"
                  """)
              .config(
                  """
                  Cmd ["c"]
                  Env A=1
                  Labels {"l":"1"}
                  User "root"
                  WorkingDir "/w"
                  """)
              .history(
                  """
                  empty ENV A=1
                  layer WORKDIR /w
                  empty USER app
                  empty LABEL l=1
                  empty CMD ["c"]
                  empty RUN /bin/sh -c echo $A > x || true
                  empty USER root
                  layer RUN /bin/sh -c echo $A > x
                  """)
              .asBuildah(),
          that("two stages on one do not see each other")
              .dockerfile(
                  """
                  FROM base AS root
                  RUN mkdir /d && touch /d/common
                  FROM root AS left
                  RUN touch /d/left && rm /bin/vi
                  FROM root AS right
                  RUN touch /d/right && ls /d > /seen
                  FROM left
                  COPY --from=right /d /seen /x/
                  """)
              .tree(
                  """
                  - /bin/vi
                  /d        dir 755 0:0
                  /d/common file 644 0:0 ""
                  /d/left   file 644 0:0 ""
                  /x        dir 755 0:0
                  /x/common file 644 0:0 ""
                  /x/right  file 644 0:0 ""
                  /x/seen   file 644 0:0 "common$right$"
                  """)
              .asBuildah(),
          that("the name of a stage hides an image of that name for what follows")
              .dockerfile(
                  """
                  FROM base AS debian
                  RUN touch /mine
                  FROM debian
                  RUN test -e /mine && touch /yours
                  """)
              .tree(
                  """
                  /mine  file 644 0:0 ""
                  /yours file 644 0:0 ""
                  """),
          that("a stage from scratch has only what it is given")
              .context(files().file("bin/a", "A"))
              .dockerfile(
                  """
                  FROM scratch
                  COPY bin /bin
                  ENTRYPOINT ["/bin/a"]
                  """)
              .tree(
                  """
                  /bin   dir 755 0:0
                  /bin/a file 644 0:0 "A"
                  """)
              .config("Entrypoint [\"/bin/a\"]")
              .history(
                  """
                  layer COPY bin /bin
                  empty ENTRYPOINT ["/bin/a"]
                  """),
          that("an image may have nothing but a configuration")
              .dockerfile(
                  """
                  FROM scratch
                  LABEL only=me
                  """)
              .tree("")
              .config("Labels {\"only\":\"me\"}"),
          that("labels of the command line are on the image, not on other stages")
              .with("--label", "from=line")
              .dockerfile(
                  """
                  FROM base AS one
                  LABEL a=1
                  FROM one
                  LABEL b=2
                  """)
              .config("Labels {\"a\":\"1\",\"b\":\"2\",\"from\":\"line\"}"),
          that("an image of the command line takes the place of a stage of its name")
              .image("tools", "FROM base\nRUN touch /given\n")
              .dockerfile(
                  """
                  FROM base AS tools
                  RUN exit 9
                  FROM tools
                  RUN touch /x
                  """)
              .tree(
                  """
                  /given file 644 0:0 ""
                  /x     file 644 0:0 ""
                  """),
          that("a stage named scratch is warned of, and stays nothing's name")
              .dockerfile(
                  """
                  FROM base AS scratch
                  RUN exit 9
                  FROM scratch
                  LABEL a=b
                  """)
              .prints("Dockerfile:1", "ReservedStageName")
              .tree("")
              .config("Labels {\"a\":\"b\"}"),
          that("two targets give two images of one build")
              .needs(SEVERAL_TARGETS)
              .with("--target", "one", "--target", "two")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN touch /one
                  FROM base AS two
                  RUN touch /two
                  """)
              .tree("/one file 644 0:0 \"\""));
}
