package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** COPY --from stages and images. */
class CopyFromTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("a stage is named in any case, or by its number")
              .dockerfile(
                  """
                  FROM base AS Tools
                  RUN echo 1 > /one
                  FROM base
                  RUN echo 2 > /two
                  FROM scratch
                  COPY --from=TOOLS /one /by-name
                  COPY --from=0 /one /by-number
                  COPY --from=1 one/../two /clean
                  """)
              .tree(
                  """
                  /by-name   file 644 0:0 "1$"
                  /by-number file 644 0:0 "1$"
                  /clean     file 644 0:0 "2$"
                  """)
              .history(
                  """
                  layer COPY /one /by-name
                  layer COPY /one /by-number
                  layer COPY one/../two /clean
                  """)
              .config(""),
          that("modes, times, hard links and capabilities are kept, owners are not")
              .image(
                  "tools",
                  """
                  FROM base
                  COPY a /d/able
                  RUN cd /d && echo s > setuid && chmod 4755 setuid && ln setuid other \\
                      && mkdir -m 1777 sticky && echo t > old && touch -d @1000000000 old \\
                      && chown -R 7:8 . && chmod 4755 setuid
                  """,
                  files().file("a", "A").sh("setcap cap_net_raw+ep a"))
              .dockerfile(
                  """
                  FROM base
                  COPY --from=tools /d /x
                  """)
              .tree(
                  """
                  /x        dir 755 0:0
                  /x/able   file 644 0:0 "A"
                  /x/old    file 644 0:0 "t$" @1000000000
                  /x/other  file 4755 0:0 "s$"
                  /x/setuid same as /x/other
                  /x/sticky dir 1777 0:0
                  """),
          that("capabilities come from a stage")
              .context(files().file("a", "A").sh("setcap cap_net_raw+ep a"))
              .dockerfile(
                  """
                  FROM base AS one
                  COPY a /d/able
                  FROM base
                  COPY --from=one /d/able /able
                  """)
              .tree(
                  "/able file 644 0:0 \"A\" security.capability=0100000200200000000000000000000000000000"),
          that("FIFOs and devices come from a stage, and nobody waits for them")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /d && mkfifo /d/pipe
                  FROM base
                  COPY --from=one /d /x
                  COPY --from=one /d/pipe /y
                  """)
              .tree(
                  """
                  /x      dir 755 0:0
                  /x/pipe fifo 644 0:0
                  /y      fifo 644 0:0
                  """),
          that("links of a stage are followed when they are named, in the stage's own root")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /real && echo 1 > /real/f && ln -s /real /link && ln -s /real/f /file
                  FROM base
                  COPY --from=one /link /dir
                  COPY --from=one /file /link/f /x/
                  """)
              .tree(
                  """
                  /dir    dir 755 0:0
                  /dir/f  file 644 0:0 "1$"
                  /x      dir 755 0:0
                  /x/f    file 644 0:0 "1$"
                  /x/file file 644 0:0 "1$"
                  """),
          that("a link of a stage that leads up stays in the stage")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN echo inside > /mine && mkdir /d && ln -s ../../../../mine /d/up
                  FROM base
                  COPY --from=one /d/up /x
                  """)
              .tree("/x file 644 0:0 \"inside$\""),
          that("wildcards are of the stage's names")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir -p /lib/a /lib/b && touch /lib/a/x.so /lib/b/y.so /lib/b/z.txt
                  FROM base
                  COPY --from=one /lib/*/*.so /out/
                  """)
              .tree(
                  """
                  /out      dir 755 0:0
                  /out/x.so file 644 0:0 ""
                  /out/y.so file 644 0:0 ""
                  """)
              .asBuildah(),
          that("removed files of a stage are not copied, nor are marks of their removal")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /d && touch /d/a /d/b
                  RUN rm /d/a
                  RUN rm -r /home && mkdir /home && touch /home/new
                  FROM base
                  COPY --from=one /d /x
                  COPY --from=one /home /h
                  """)
              .tree(
                  """
                  /h     dir 755 0:0
                  /h/new file 644 0:0 ""
                  /x     dir 755 0:0
                  /x/b   file 644 0:0 ""
                  """)
              .asBuildah(),
          that("--chown takes names of the target, not of the stage")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN echo f > /f && sed -i s/app:x:1234/app:x:9999/ /etc/passwd
                  FROM base
                  COPY --from=one --chown=app:app --chmod=640 /f /x
                  """)
              .tree("/x file 640 1234:2345 \"f$\""),
          that("an image is named as a source")
              .image("lib", "FROM base\nRUN mkdir /lib && echo l > /lib/l && rm /bin/vi\n")
              .dockerfile(
                  """
                  FROM base
                  COPY --from=lib /lib/l /l
                  COPY --from=base /etc/passwd /p
                  """)
              .tree(
                  """
                  /l file 644 0:0 "l$"
                  /p file 644 0:0 "root:x:0:0:root:/root:/bin/sh$app:x:1234:2345::/home/app:/bin/sh$"
                  """),
          that("the whole of a stage is copied over a root")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN rm /bin/vi && echo new > /etc/group && touch /x
                  FROM base
                  COPY --from=one / /
                  """)
              .tree(
                  """
                  /etc/group file 644 0:0 "new$"
                  /x         file 644 0:0 ""
                  """),
          that("a file a stage does not have is named")
              .dockerfile(
                  """
                  FROM base AS one
                  FROM base
                  COPY --from=one /etc/passwort /x
                  """)
              .fails(1, "Dockerfile:3", "/etc/passwort", "/etc/passwd"),
          that("a stage further down is not a source")
              .dockerfile(
                  """
                  FROM base AS one
                  COPY --from=two /x /x
                  FROM base AS two
                  RUN touch /x
                  """)
              .with("--target", "one")
              .fails(1, "Dockerfile:2", "two"),
          that("a stage is not a source of its own")
              .dockerfile(
                  """
                  FROM base AS one
                  COPY --from=one /etc/passwd /x
                  """)
              .fails(1, "Dockerfile:2", "one"),
          that("a number without a stage is refused")
              .dockerfile(
                  """
                  FROM base
                  COPY --from=7 /x /x
                  """)
              .fails(1, "Dockerfile:2", "7"));
}
