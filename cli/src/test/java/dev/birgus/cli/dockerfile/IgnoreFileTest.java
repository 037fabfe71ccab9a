package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** .dockerignore, and what it leaves of a context. */
class IgnoreFileTest extends DockerfileSuite {

  private static final String COPY_ALL = "FROM base\nCOPY . /x\n";

  static final List<Case> CASES =
      List.of(
          that("patterns are seen from the context's root")
              .context(
                  files()
                      .file(".dockerignore", "# comment\n*.md\n/temp?\nd/*.log\n\nsub/\n")
                      .file("a.md", "")
                      .file("d/a.md", "kept")
                      .file("temp1", "")
                      .file("d/temp1", "kept")
                      .file("d/x.log", "")
                      .file("d/e/x.log", "kept")
                      .file("sub/f", ""))
              .dockerfile(COPY_ALL)
              .tree(
                  """
                  /x               dir 755 0:0
                  /x/.dockerignore file 644 0:0 "# comment$*.md$/temp?$d/*.log$$sub/$"
                  /x/d             dir 755 0:0
                  /x/d/a.md        file 644 0:0 "kept"
                  /x/d/e           dir 755 0:0
                  /x/d/e/x.log     file 644 0:0 "kept"
                  /x/d/temp1       file 644 0:0 "kept"
                  """)
              .asBuildah(),
          that("two stars are directories of any depth")
              .context(
                  files()
                      .file(".dockerignore", "**/*.log\n.dockerignore\n")
                      .file("a.log", "")
                      .file("d/e/b.log", "")
                      .file("d/e/c", ""))
              .dockerfile(COPY_ALL)
              .tree(
                  """
                  /x     dir 755 0:0
                  /x/d   dir 755 0:0
                  /x/d/e dir 755 0:0
                  /x/d/e/c file 644 0:0 ""
                  """)
              .asBuildah(),
          that("the last pattern that matches counts, and ! takes back")
              .context(
                  files()
                      .file(".dockerignore", "*\n!d\nd/b\n!*.md\nsecret.md\n")
                      .file("a", "")
                      .file("d/a", "A")
                      .file("d/b", "")
                      .file("x.md", "X")
                      .file("secret.md", ""))
              .dockerfile(COPY_ALL)
              .tree(
                  """
                  /x      dir 755 0:0
                  /x/d    dir 755 0:0
                  /x/d/a  file 644 0:0 "A"
                  /x/x.md file 644 0:0 "X"
                  """)
              .asBuildah(),
          that("a file is taken back from a directory that is left out")
              .context(
                  files()
                      .file(".dockerignore", "d\n!d/e/keep\n.dockerignore\n")
                      .file("d/a", "")
                      .file("d/e/keep", "K")
                      .file("d/e/b", ""))
              .dockerfile(COPY_ALL)
              .tree(
                  """
                  /x          dir 755 0:0
                  /x/d        dir 755 0:0
                  /x/d/e      dir 755 0:0
                  /x/d/e/keep file 644 0:0 "K"
                  """),
          that("the Dockerfile's own ignore file takes the place of the context's")
              .context(
                  files()
                      .file(".dockerignore", "a\n")
                      .file("a", "A")
                      .file("b", "")
                      .sh("echo b > ../Dockerfile.dockerignore"))
              .dockerfile("FROM base\nCOPY . /x\nRUN rm /x/.dockerignore\n")
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/a file 644 0:0 "A"
                  """),
          that("a file that is left out is said to be")
              .context(files().file(".dockerignore", "secret\n").file("secret", ""))
              .dockerfile("FROM base\nCOPY secret /x\n")
              .fails(1, "Dockerfile:2", "secret", "the ignore file excludes secret"),
          that("a wildcard of which all is left out is an error")
              .context(files().file(".dockerignore", "*.key\n").file("a.key", ""))
              .dockerfile("FROM base\nCOPY *.key /x/\n")
              .fails(1, "Dockerfile:2", "*.key"),
          that("what is left out is not for links to find")
              .context(
                  files()
                      .file(".dockerignore", "secret\n")
                      .file("secret", "")
                      .symlink("a", "secret"))
              .dockerfile("FROM base\nCOPY a /x\n")
              .fails(1, "Dockerfile:2"),
          that("the ignore file is not for the files of stages")
              .context(files().file(".dockerignore", "*\n!keep\n").file("keep", "K"))
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /d && echo f > /d/f
                  FROM base
                  COPY --from=one /d /x
                  COPY keep /x/
                  """)
              .tree(
                  """
                  /x      dir 755 0:0
                  /x/f    file 644 0:0 "f$"
                  /x/keep file 644 0:0 "K"
                  """)
              .asBuildah(),
          that("an ADD is under it too, archives and directories")
              .context(files().file(".dockerignore", "d/no\n").file("d/no", "").file("d/yes", "Y"))
              .dockerfile("FROM base\nADD d /x\n")
              .tree(
                  """
                  /x     dir 755 0:0
                  /x/yes file 644 0:0 "Y"
                  """)
              .asBuildah());
}
