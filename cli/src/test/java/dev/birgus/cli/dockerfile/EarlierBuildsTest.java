package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** What was built before with the same Dockerfile must not show in what is built now. */
class EarlierBuildsTest extends DockerfileSuite {

  private static final String COPY_DIRECTORY = "FROM base\nCOPY d /x\nRUN ls /x > /list\n";

  private static final String COPY_TO_VARIABLE =
      "FROM base\nARG D=x\nCOPY a.txt /$D\nRUN ls -d /$D > /list\n";

  static final List<Case> CASES =
      List.of(
          that("a file renamed has its new name")
              .image("earlier", COPY_DIRECTORY, files().file("d/before", "same"))
              .context(files().file("d/after", "same"))
              .dockerfile(COPY_DIRECTORY)
              .tree(
                  """
                  /list    file 644 0:0 "after$"
                  /x       dir 755 0:0
                  /x/after file 644 0:0 "same"
                  """),
          that("content that moved from one file to another is where it is now")
              .image("earlier", COPY_DIRECTORY, files().file("d/a", "12").file("d/b", "3"))
              .context(files().file("d/a", "1").file("d/b", "23"))
              .dockerfile(COPY_DIRECTORY)
              .tree(
                  """
                  /list file 644 0:0 "a$b$"
                  /x    dir 755 0:0
                  /x/a  file 644 0:0 "1"
                  /x/b  file 644 0:0 "23"
                  """),
          that("a mode changed is the mode now")
              .image("earlier", COPY_DIRECTORY, files().file("d/a", "A"))
              .context(files().file("d/a", "A").mode("d/a", "755"))
              .dockerfile(COPY_DIRECTORY)
              .tree(
                  """
                  /list file 644 0:0 "a$"
                  /x    dir 755 0:0
                  /x/a  file 755 0:0 "A"
                  """),
          that("a variable changed is the variable now")
              .image("earlier", COPY_TO_VARIABLE, files().file("a.txt", "A"))
              .context(files().file("a.txt", "A"))
              .with("--build-arg", "D=y")
              .dockerfile(COPY_TO_VARIABLE)
              .tree(
                  """
                  /list file 644 0:0 "/y$"
                  /y    file 644 0:0 "A"
                  """),
          that("a here-document changed is run as it is now")
              .image("earlier", "FROM base\nRUN <<EOF\necho 1 > /x\nEOF\n")
              .dockerfile("FROM base\nRUN <<EOF\necho 2 > /x\nEOF\n")
              .tree("/x file 644 0:0 \"2$\""),
          that("a stage changed gives what it has now")
              .image(
                  "earlier",
                  "FROM base AS one\nRUN mkdir /d && echo 1 > /d/f\nFROM base\nCOPY --from=one /d"
                      + " /x\n")
              .dockerfile(
                  "FROM base AS one\nRUN mkdir /d && echo 2 > /d/f\nFROM base\nCOPY --from=one /d"
                      + " /x\n")
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/f file 644 0:0 "2$"
                  """),
          that("files of a stage count though the ignore file names all but some of the context")
              .image(
                  "earlier",
                  "FROM base AS one\nCOPY keep /d/f\nFROM base\nCOPY --from=one /d /x\n",
                  files().file(".dockerignore", "*\n!keep\n").file("keep", "1"))
              .context(files().file(".dockerignore", "*\n!keep\n").file("keep", "2"))
              .dockerfile("FROM base AS one\nCOPY keep /d/f\nFROM base\nCOPY --from=one /d /x\n")
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/f file 644 0:0 "2"
                  """),
          that("a link that leads elsewhere leads there")
              .image("earlier", COPY_DIRECTORY, files().symlink("d/l", "one"))
              .context(files().symlink("d/l", "two"))
              .dockerfile(COPY_DIRECTORY)
              .tree(
                  """
                  /list file 644 0:0 "l$"
                  /x    dir 755 0:0
                  /x/l  link 0:0 -> two
                  """),
          that("words that are put together the same are not the same words")
              .image("earlier", "FROM base\nENV A=1-B\nRUN [\"touch\", \"/a b\"]\n")
              .dockerfile("FROM base\nENV A=1-B\nRUN [\"touch\", \"/a\", \"b\"]\n")
              .tree(
                  """
                  /a file 644 0:0 ""
                  /b file 644 0:0 ""
                  """),
          that("nothing of one build is in the next")
              .image("earlier", "FROM base\nRUN touch /tmp/left /left && rm /bin/vi\n")
              .dockerfile("FROM base\nRUN test -e /bin/vi && test ! -e /left && ls -A /tmp > /x\n")
              .tree("/x file 644 0:0 \"\""),
          that("marks of removal in another builder's layers are for the layers below")
              .context(ForeignLayers.files())
              .with("--build-context", "foreign=oci-layout://%/context/layout")
              .dockerfile(
                  """
                  FROM foreign
                  COPY --from=foreign / /copy
                  """)
              .tree(
                  """
                  /copy         dir 755 0:0
                  /copy/d       dir 755 0:0
                  /copy/d/new   file 644 0:0 "new$"
                  /copy/e       dir 755 0:0
                  /copy/e/again file 644 0:0 "new$"
                  /d            dir 755 0:0
                  /d/new        file 644 0:0 "new$"
                  /e            dir 755 0:0
                  /e/again      file 644 0:0 "new$"
                  """),
          that("--context-sub-path is heeded for a plain directory")
              .context(files().file("sub/a", "A").file("b", ""))
              .with("--context-sub-path", "sub")
              .dockerfile("FROM base\nCOPY . /x\n")
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/a file 644 0:0 "A"
                  """));
}
