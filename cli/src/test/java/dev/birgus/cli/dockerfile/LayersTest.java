package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** What a step changed is what its layer has, no more and no less. */
class LayersTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("a removed file is a whiteout")
              .dockerfile(
                  """
                  FROM base
                  RUN rm /bin/vi
                  """)
              .tree("- /bin/vi")
              .layers(
                  """
                  bin/
                  bin/.wh.vi
                  """)
              .asBuildah(),
          that("a removed directory is one whiteout, whatever was in it")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /x/y && touch /x/a /x/y/b
                  RUN rm -r /x
                  """)
              .tree("")
              .asBuildah(),
          that("a directory made again hides what was in it")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /x/y && touch /x/old /x/y/deep && chmod 700 /x
                  RUN rm -r /x && mkdir /x && touch /x/new
                  """)
              .tree(
                  """
                  /x     dir 755 0:0
                  /x/new file 644 0:0 ""
                  """)
              .layers(
                  """
                  x/
                  x/old
                  x/y/
                  x/y/deep
                  --
                  x/
                  x/.wh..wh..opq
                  x/new
                  """)
              .asBuildah(),
          that("a directory that is made again and again, in one step and in several")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /x/1
                  RUN rm -r /x && mkdir -p /x/2 && rm -r /x && mkdir -p /x/3
                  RUN rm -r /x && mkdir -p /x/1
                  """)
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/1 dir 755 0:0
                  """)
              .asBuildah(),
          that("what a step makes and removes leaves no trace")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /x && touch /x/a && rm -r /x
                  """)
              .tree("")
              .asBuildah(),
          that("a step that changes nothing makes no layer")
              .dockerfile(
                  """
                  FROM base
                  RUN true
                  RUN cat /etc/passwd > /dev/null
                  """)
              .tree("")
              .layers("")
              .history(
                  """
                  empty RUN /bin/sh -c true
                  empty RUN /bin/sh -c cat /etc/passwd > /dev/null
                  """),
          that("a file becomes a directory, a directory a file, a file a link")
              .dockerfile(
                  """
                  FROM base
                  RUN touch /a /c && mkdir /b && touch /b/inside && ln -s / /d
                  RUN rm -r /a /b /c /d && mkdir /a && touch /a/in /b && ln -s /a /c && mkfifo /d
                  """)
              .tree(
                  """
                  /a    dir 755 0:0
                  /a/in file 644 0:0 ""
                  /b    file 644 0:0 ""
                  /c    link 0:0 -> /a
                  /d    fifo 644 0:0
                  """)
              .asBuildah(),
          that("a changed mode alone is a change")
              .dockerfile(
                  """
                  FROM base
                  RUN chmod 600 /etc/group
                  """)
              .tree("/etc/group file 600 0:0 \"root:x:0:$app:x:2345:$extra:x:3456:app$\"")
              .layers(
                  """
                  etc/
                  etc/group
                  """)
              .asBuildah(),
          that("a changed mode of a directory is a change of it alone")
              .dockerfile("FROM base\nRUN chmod 2711 /home\n")
              .tree("/home dir 2711 0:0")
              .layers("home/")
              .asBuildah(),
          that("the longest name there is can be made and removed")
              .dockerfile(
                  """
                  FROM base
                  RUN n=$(printf 'n%.0s' $(seq 255)) && touch /$n /keep && ln -s /$n /tmp/$n
                  RUN n=$(printf 'n%.0s' $(seq 255)) && rm /$n /tmp/$n
                  """)
              .tree("/keep file 644 0:0 \"\""),
          that("a path longer than the system takes at once is refused, not left out")
              .dockerfile(
                  """
                  FROM base
                  RUN d=$(printf 'd%.0s' $(seq 250)) && p=$d/$d/$d/$d/$d/$d/$d/$d/$d/$d \\
                      && mkdir -p /deep/$p /more/$p && touch /more/$p/f && mv /more /deep/$p/
                  """)
              .fails(1, "/more/", "File name too long"),
          that("a changed time of old and far days is kept")
              .dockerfile(
                  """
                  FROM base
                  RUN touch -d @9000000000 /far && touch -d @1 /early
                  """)
              .tree(
                  """
                  /early file 644 0:0 "" @1
                  /far   file 644 0:0 "" @9000000000
                  """),
          that("a changed owner alone is a change, of a link too")
              .dockerfile(
                  """
                  FROM base
                  RUN touch /f && ln -s f /l && mkdir /d
                  RUN chown -h 5:6 /f /l /d
                  """)
              .tree(
                  """
                  /d dir 755 5:6
                  /f file 644 5:6 ""
                  /l link 5:6 -> f
                  """)
              .asBuildah(),
          that("content of the same size and time is a change")
              .dockerfile(
                  """
                  FROM base
                  RUN echo one > /f && touch -d @1000000000 /f
                  RUN echo two > /f && touch -d @1000000000 /f
                  """)
              .tree("/f file 644 0:0 \"two$\" @1000000000")
              .history(
                  """
                  layer RUN /bin/sh -c echo one > /f && touch -d @1000000000 /f
                  layer RUN /bin/sh -c echo two > /f && touch -d @1000000000 /f
                  """),
          that("a changed time alone is a change")
              .dockerfile(
                  """
                  FROM base
                  RUN touch -d @1000000000 /etc/group
                  """)
              .tree(
                  "/etc/group file 644 0:0 \"root:x:0:$app:x:2345:$extra:x:3456:app$\" @1000000000"),
          that("a renamed file is removed and made")
              .dockerfile(
                  """
                  FROM base
                  RUN echo 1 > /old
                  RUN mv /old /new
                  """)
              .tree("/new file 644 0:0 \"1$\"")
              .asBuildah(),
          that("a renamed directory of the base comes with all that is in it")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /old/deep/er && echo 1 > /old/deep/er/f
                  RUN mv /old /new
                  """)
              .tree(
                  """
                  /new           dir 755 0:0
                  /new/deep      dir 755 0:0
                  /new/deep/er   dir 755 0:0
                  /new/deep/er/f file 644 0:0 "1$"
                  """)
              .asBuildah(),
          that("two files that change places")
              .dockerfile(
                  """
                  FROM base
                  RUN echo a > /a && mkdir /b && echo b > /b/f
                  RUN mv /a /t && mv /b /a && mv /t /b
                  """)
              .tree(
                  """
                  /a   dir 755 0:0
                  /a/f file 644 0:0 "b$"
                  /b   file 644 0:0 "a$"
                  """)
              .asBuildah(),
          that("names of one file in a step are one file in the image")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /d && echo 1 > /one && ln /one /d/two && ln /one /three
                  """)
              .tree(
                  """
                  /d     dir 755 0:0
                  /d/two file 644 0:0 "1$"
                  /one   same as /d/two
                  /three same as /d/two
                  """)
              .asBuildah(),
          that("a name for a file of a lower layer has its content")
              .dockerfile(
                  """
                  FROM base
                  RUN echo 1 > /one
                  RUN ln /one /two
                  RUN rm /one
                  """)
              .tree("/two file 644 0:0 \"1$\"")
              .asBuildah(),
          that("a file with two names, changed in a later step")
              .dockerfile(
                  """
                  FROM base
                  RUN echo 1 > /one && ln /one /two
                  RUN rm /two && echo 2 > /two
                  """)
              .tree(
                  """
                  /one file 644 0:0 "1$"
                  /two file 644 0:0 "2$"
                  """)
              .asBuildah(),
          that("odd names made by a command are kept byte by byte")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /x && cd /x && touch "a b" "$(printf 'new\\nline')" "$(printf '\\377')" ö
                  RUN rm "/x/a b"
                  """)
              .tree(
                  """
                  /x            dir 755 0:0
                  /x/%FF        file 644 0:0 ""
                  /x/new%0Aline file 644 0:0 ""
                  /x/ö          file 644 0:0 ""
                  """)
              .asBuildah(),
          that("sizes, bits, owners and devices made by a command are kept")
              .dockerfile(
                  """
                  FROM base
                  RUN touch /u && chown 3000000000:4000000000 /u && chmod 6755 /u
                  RUN mkfifo -m 622 /p && mkdir -m 1777 /t
                  RUN dd if=/dev/zero of=/s bs=1 count=1 seek=5000000 2>/dev/null
                  """)
              .tree(
                  """
                  /p fifo 622 0:0
                  /s file 644 0:0 5000001 bytes
                  /t dir 1777 0:0
                  /u file 6755 3000000000:4000000000 ""
                  """)
              .asBuildah(),
          that("files nobody may read or change, below directories nobody may enter, are kept")
              .dockerfile(
                  """
                  FROM base
                  USER app
                  RUN mkdir -p /tmp/x/y && echo 1 > /tmp/x/y/f && chmod 0 /tmp/x/y/f /tmp/x/y /tmp/x
                  USER root
                  RUN echo 2 >> /tmp/x/y/f && chown 4294967294:4294967294 /tmp/x/y
                  """)
              .tree(
                  """
                  /tmp/x     dir 0 1234:2345
                  /tmp/x/y   dir 0 4294967294:4294967294
                  /tmp/x/y/f file 0 1234:2345 "1$2$"
                  """)
              .asBuildah(),
          that("a file named like a whiteout is not made one")
              .context(files().file("d/a", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /d
                  RUN touch /d/.wh.a
                  """)
              .fails(1, "Dockerfile:3", ".wh.a"),
          that("what --ignore-path names is left out, and is there for the steps of the stage")
              .with(
                  "--ignore-path", "/secret", "--ignore-path=/d/*.tmp", "--ignore-path", "/bin/vi")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /secret && touch /secret/key
                  RUN mkdir /d && touch /d/a.tmp /d/b.txt && rm /bin/vi
                  RUN test -e /secret/key && test -e /d/a.tmp && test ! -e /bin/vi
                  FROM one
                  RUN test ! -e /secret && test ! -e /d/a.tmp && test -e /bin/vi
                  """)
              .tree(
                  """
                  /d       dir 755 0:0
                  /d/b.txt file 644 0:0 ""
                  """)
              .layers(
                  """
                  bin/
                  d/
                  d/b.txt
                  """),
          that("files below /run, /var/run, /etc/hosts and /tmp are the image's")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /var/run/app /run/app /workspace /kaniko && touch /var/run/app/a \
                      /run/app/b /tmp/c /workspace/d /kaniko/e
                  """)
              .tree(
                  """
                  /kaniko        dir 755 0:0
                  /kaniko/e      file 644 0:0 ""
                  /run           dir 755 0:0
                  /run/app       dir 755 0:0
                  /run/app/b     file 644 0:0 ""
                  /tmp/c         file 644 0:0 ""
                  /var           dir 755 0:0
                  /var/run       dir 755 0:0
                  /var/run/app   dir 755 0:0
                  /var/run/app/a file 644 0:0 ""
                  /workspace     dir 755 0:0
                  /workspace/d   file 644 0:0 ""
                  """),
          that("an opaque directory of a base image hides what is below")
              .image(
                  "opaque",
                  """
                  FROM base
                  RUN mkdir /d && touch /d/one /d/two
                  RUN rm -r /d && mkdir /d && touch /d/three
                  """)
              .dockerfile(
                  """
                  FROM opaque
                  RUN ls /d > /list
                  """)
              .tree(
                  """
                  /d       dir 755 0:0
                  /d/three file 644 0:0 ""
                  /list    file 644 0:0 "three$"
                  """),
          that("FIFOs, devices, bits, links' owners and directories' times of a base are kept")
              .image(
                  "odd",
                  """
                  FROM base
                  COPY d /d
                  RUN chown -h 7:8 /d/link
                  """,
                  files()
                      .directory("d/dir")
                      .fifo("d/pipe")
                      .sh("mknod d/null c 1 3")
                      .symlink("d/link", "dir")
                      .file("d/setuid", "")
                      .mode("d/setuid", "4711")
                      .modified("d/dir", 1_000_000_000))
              .dockerfile(
                  """
                  FROM odd
                  RUN test -p /d/pipe && test -c /d/null && test -u /d/setuid && touch /ok
                  COPY --from=odd /d /e
                  """)
              .tree(
                  """
                  /d        dir 755 0:0
                  /d/dir    dir 755 0:0 @1000000000
                  /d/link   link 7:8 -> dir
                  /d/null   char 644 0:0 1:3
                  /d/pipe   fifo 644 0:0
                  /d/setuid file 4711 0:0 ""
                  /e        dir 755 0:0
                  /e/dir    dir 755 0:0 @1000000000
                  /e/link   link 0:0 -> dir
                  /e/null   char 644 0:0 1:3
                  /e/pipe   fifo 644 0:0
                  /e/setuid file 4711 0:0 ""
                  /ok       file 644 0:0 ""
                  """));
}
