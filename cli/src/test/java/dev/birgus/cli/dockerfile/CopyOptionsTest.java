package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Arriving.COPY_OPTIONS;
import static dev.birgus.cli.dockerfile.Arriving.DIRECTORY_CONTEXTS;
import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** COPY with --parents, --exclude, --link, --chmod in letters, and from named contexts. */
class CopyOptionsTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("--parents keeps the directories of the sources")
              .needs(COPY_OPTIONS)
              .context(files().file("a/b/c.txt", "C").file("x/y.txt", "Y").mode("a/b", "700"))
              .dockerfile("FROM base\nCOPY --parents a/b/c.txt x/y.txt /d/\n")
              .tree(
                  """
                  /d           dir 755 0:0
                  /d/a         dir 755 0:0
                  /d/a/b       dir 700 0:0
                  /d/a/b/c.txt file 644 0:0 "C"
                  /d/x         dir 755 0:0
                  /d/x/y.txt   file 644 0:0 "Y"
                  """),
          that("--parents begins at a pivot, and stars are of any depth")
              .needs(COPY_OPTIONS)
              .context(
                  files().file("a/b/c/one.txt", "1").file("a/b/two.txt", "2").file("a/b/no.md", ""))
              .dockerfile("FROM base\nCOPY --parents a/./b/**/*.txt /d/\n")
              .tree(
                  """
                  /d             dir 755 0:0
                  /d/b           dir 755 0:0
                  /d/b/c         dir 755 0:0
                  /d/b/c/one.txt file 644 0:0 "1"
                  /d/b/two.txt   file 644 0:0 "2"
                  """),
          that("--exclude leaves out, more than once, of stages too")
              .needs(COPY_OPTIONS)
              .context(files().file("d/a.txt", "A").file("d/b.md", "").file("d/s/c.md", "C"))
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /e && touch /e/keep /e/drop.log
                  FROM base
                  COPY --exclude=*.md d /x
                  COPY --exclude=**/*.md --exclude=s d /y
                  COPY --from=one --exclude=*.log /e /z
                  """)
              .tree(
                  """
                  /x        dir 755 0:0
                  /x/a.txt  file 644 0:0 "A"
                  /x/s      dir 755 0:0
                  /x/s/c.md file 644 0:0 "C"
                  /y        dir 755 0:0
                  /y/a.txt  file 644 0:0 "A"
                  /z        dir 755 0:0
                  /z/keep   file 644 0:0 ""
                  """),
          that("--link gives the same files where the destination has no links")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base AS one
                  RUN echo f > /f
                  FROM base
                  COPY --link a /x/
                  COPY --link --from=one /f /y
                  """)
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/a file 644 0:0 "A"
                  /y   file 644 0:0 "f$"
                  """),
          that("--chmod takes letters")
              .needs(COPY_OPTIONS)
              .context(
                  files()
                      .file("d/tool", "")
                      .mode("d/tool", "700")
                      .file("d/s/text", "")
                      .mode("d/s/text", "600"))
              .dockerfile(
                  """
                  FROM base
                  COPY --chmod=go=u,go-w d /x
                  COPY --chmod=a+rX d /y
                  COPY --chmod=u+s,g-r d/tool /tool
                  """)
              .tree(
                  """
                  /tool     file 4700 0:0 ""
                  /x        dir 755 0:0
                  /x/s      dir 755 0:0
                  /x/s/text file 644 0:0 ""
                  /x/tool   file 755 0:0 ""
                  /y        dir 755 0:0
                  /y/s      dir 755 0:0
                  /y/s/text file 644 0:0 ""
                  /y/tool   file 755 0:0 ""
                  """),
          that("a directory of the command line is a source")
              .context(files().sh("mkdir ../other && echo o > ../other/o"))
              .with("--build-context", "more=%/other")
              .dockerfile(
                  """
                  FROM base
                  COPY --from=more o /o
                  COPY --from=more . /all
                  """)
              .tree(
                  """
                  /all   dir 755 0:0
                  /all/o file 644 0:0 "o$"
                  /o     file 644 0:0 "o$"
                  """),
          that("a directory of the command line is a base")
              .needs(DIRECTORY_CONTEXTS)
              .context(files().sh("mkdir ../other && echo o > ../other/o"))
              .with("--build-context", "more=%/other")
              .dockerfile("FROM more\nENV A=1\n")
              .tree("/o file 644 0:0 \"o$\"")
              .config("Env A=1"));
}
