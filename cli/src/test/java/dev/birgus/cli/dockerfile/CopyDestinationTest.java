package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** Where COPY puts what it copies. */
class CopyDestinationTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("a destination without a slash is the file's new name")
              .context(files().file("a.txt", "A\n"))
              .dockerfile(
                  """
                  FROM base
                  COPY a.txt /x/b
                  """)
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/b file 644 0:0 "A$"
                  """)
              .history("layer COPY a.txt /x/b")
              .asBuildah(),
          that("a destination with a slash takes the file in")
              .context(files().file("d/a.txt", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY d/a.txt /x/b/
                  """)
              .tree(
                  """
                  /x         dir 755 0:0
                  /x/b       dir 755 0:0
                  /x/b/a.txt file 644 0:0 "A"
                  """)
              .asBuildah(),
          that("an existing directory takes the file in, slash or not")
              .context(files().file("a.txt", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY a.txt /tmp
                  """)
              .tree("/tmp/a.txt file 644 0:0 \"A\"")
              .asBuildah(),
          that("of a directory the content is copied, not the directory")
              .context(files().file("d/a", "A").file("d/e/b", "B").directory("d/empty"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  """)
              .tree(
                  """
                  /x       dir 755 0:0
                  /x/a     file 644 0:0 "A"
                  /x/e     dir 755 0:0
                  /x/e/b   file 644 0:0 "B"
                  /x/empty dir 755 0:0
                  """)
              .asBuildah(),
          that("directories are merged, and files of the same name replaced")
              .context(files().file("d/s/new", "N").file("d/s/both", "2").mode("d/s", "700"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /x/s && echo 1 > /x/s/both && echo o > /x/s/old && chown 7:7 /x/s
                  COPY d /x
                  """)
              .tree(
                  """
                  /x        dir 755 0:0
                  /x/s      dir 700 0:0
                  /x/s/both file 644 0:0 "2"
                  /x/s/new  file 644 0:0 "N"
                  /x/s/old  file 644 0:0 "o$"
                  """)
              .asBuildah(),
          that("a relative destination is seen from the working directory")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  WORKDIR /w/v
                  COPY a .
                  COPY a ../b
                  COPY a ./c/
                  """)
              .tree(
                  """
                  /w       dir 755 0:0
                  /w/b     file 644 0:0 "A"
                  /w/v     dir 755 0:0
                  /w/v/a   file 644 0:0 "A"
                  /w/v/c   dir 755 0:0
                  /w/v/c/a file 644 0:0 "A"
                  """)
              .config("WorkingDir \"/w/v\"")
              .history(
                  """
                  layer WORKDIR /w/v
                  layer COPY a .
                  layer COPY a ../b
                  layer COPY a ./c/
                  """)
              .asBuildah(),
          that("the destination's own .. does not leave the root")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY a /../../../b
                  """)
              .tree("/b file 644 0:0 \"A\""),
          that("several sources go into a directory with a slash")
              .context(files().file("a", "A").file("b", "B").file("d/c", "C"))
              .dockerfile(
                  """
                  FROM base
                  COPY a b d /x/
                  """)
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/a file 644 0:0 "A"
                  /x/b file 644 0:0 "B"
                  /x/c file 644 0:0 "C"
                  """)
              .asBuildah(),
          that("several sources without a slash at the destination are refused")
              .context(files().file("a", "A").file("b", "B"))
              .dockerfile(
                  """
                  FROM base
                  COPY a b /x
                  """)
              .fails(1, "Dockerfile:2", "several sources"),
          that("a link to a directory in the destination is followed")
              .context(files().file("a", "A").file("d/b", "B"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /real && ln -s real /link && ln -s /link /chain
                  COPY a /link/
                  COPY d /chain
                  COPY a /chain/deep/er
                  """)
              .tree(
                  """
                  /chain        link 0:0 -> /link
                  /link         link 0:0 -> real
                  /real         dir 755 0:0
                  /real/a       file 644 0:0 "A"
                  /real/b       file 644 0:0 "B"
                  /real/deep    dir 755 0:0
                  /real/deep/er file 644 0:0 "A"
                  """),
          that("a link in the destination that leads out stays in the root")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /real && ln -s ../../../../real /link
                  COPY a /link/
                  """)
              .tree(
                  """
                  /link   link 0:0 -> ../../../../real
                  /real   dir 755 0:0
                  /real/a file 644 0:0 "A"
                  """),
          that("a link to a file as the destination is followed, and its target replaced")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN echo 1 > /real && ln -s real /link
                  COPY a /link
                  """)
              .tree(
                  """
                  /link link 0:0 -> real
                  /real file 644 0:0 "A"
                  """),
          that("a link to nothing as the destination is followed")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN ln -s /made/real /link
                  COPY a /link
                  """)
              .tree(
                  """
                  /link      link 0:0 -> /made/real
                  /made      dir 755 0:0
                  /made/real file 644 0:0 "A"
                  """),
          that("a directory does not go through a link inside the destination")
              .context(files().file("d/lib/a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /x /x/real && ln -s real /x/lib
                  COPY d /x
                  """)
              .fails(1, "Dockerfile:3", "/x/lib"),
          that("a file takes the place of a link inside a copied directory")
              .context(files().file("d/name", "new"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /x && echo kept > /kept && ln -s /kept /x/name
                  COPY d /x
                  """)
              .tree(
                  """
                  /kept   file 644 0:0 "kept$"
                  /x      dir 755 0:0
                  /x/name file 644 0:0 "new"
                  """),
          that("a file does not replace a directory")
              .context(files().file("d/name", "file"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir -p /x/name/sub
                  COPY d /x
                  """)
              .fails(1, "Dockerfile:3", "/x/name"),
          that("a directory does not replace a file")
              .context(files().file("d/name/sub", "x"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /x && touch /x/name
                  COPY d /x
                  """)
              .fails(1, "Dockerfile:3", "/x/name"),
          that("a file above the destination is in the way")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY a /etc/passwd/x
                  """)
              .fails(1, "Dockerfile:2", "/etc/passwd"),
          that("an existing file is replaced, also one with another name elsewhere")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN echo 1 > /one && ln /one /two
                  COPY a /one
                  """)
              .tree(
                  """
                  /one file 644 0:0 "A"
                  /two file 644 0:0 "1$"
                  """),
          that("the JSON form takes names with spaces")
              .context(files().file("a b", "A").file("c d/e", "E"))
              .dockerfile(
                  """
                  FROM base
                  COPY ["a b", "c d", "/x y/"]
                  """)
              .tree(
                  """
                  /x%20y       dir 755 0:0
                  /x%20y/a%20b file 644 0:0 "A"
                  /x%20y/e     file 644 0:0 "E"
                  """)
              .asBuildah(),
          that("the root as a source is the whole context, dot-files too")
              .context(files().file(".hidden", "h").file("d/.deep", "d").file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY . /x
                  COPY / /y/
                  """)
              .tree(
                  """
                  /x         dir 755 0:0
                  /x/.hidden file 644 0:0 "h"
                  /x/a       file 644 0:0 "A"
                  /x/d       dir 755 0:0
                  /x/d/.deep file 644 0:0 "d"
                  /y         dir 755 0:0
                  /y/.hidden file 644 0:0 "h"
                  /y/a       file 644 0:0 "A"
                  /y/d       dir 755 0:0
                  /y/d/.deep file 644 0:0 "d"
                  """)
              .asBuildah(),
          that("a copy that changes nothing but a time is a layer all the same")
              .context(files().file("d/a", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  COPY d /x
                  """)
              .history(
                  """
                  layer COPY d /x
                  layer COPY d /x
                  """),
          that("of an empty directory a directory is made")
              .context(files().directory("d").mode("d", "700"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  COPY d /tmp
                  """)
              .tree("/x dir 755 0:0"));
}
