package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** Dockerfiles that cannot be built, with what is said about them. */
class RefusalsTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("an instruction misspelt is named, with the one that was meant")
              .dockerfile("FROM base\nCOPPY a b\n")
              .fails(1, "Dockerfile:2", "COPPY", "COPY"),
          that("a flag misspelt is named, with the one that was meant")
              .dockerfile("FROM base\nCOPY --chwon=1 a b\n")
              .fails(1, "Dockerfile:2", "--chwon", "--chown"),
          that("several mistakes are told together")
              .dockerfile(
                  """
                  FROM base
                  EXPOSE none
                  STOPSIGNAL SIGNOPE
                  COPY gone /
                  """)
              .fails(1, "Dockerfile:2", "none", "Dockerfile:3", "SIGNOPE", "Dockerfile:4", "gone"),
          that("a Dockerfile without FROM is none")
              .dockerfile("RUN true\n")
              .fails(1, "Dockerfile:1", "FROM"),
          that("an empty Dockerfile is none")
              .dockerfile("# only a comment\n")
              .fails(1, "Dockerfile"),
          that("a base image without a name is refused with the variable")
              .dockerfile("ARG BASE\nFROM ${BASE}\n")
              .fails(1, "Dockerfile:2", "BASE"),
          that("a source that is not there is named with what is near")
              .context(files().file("package.json", "{}"))
              .dockerfile("FROM base\nCOPY pakage.json /\n")
              .fails(1, "Dockerfile:2", "pakage.json", "did you mean package.json?"),
          that("a mistake in a stage nobody needs is no matter for the image")
              .dockerfile(
                  """
                  FROM base AS unused
                  COPY gone /
                  FROM base
                  LABEL a=b
                  """)
              .config("Labels {\"a\":\"b\"}"),
          that("an ENV without a value is refused")
              .dockerfile("FROM base\nENV A\n")
              .fails(1, "Dockerfile:2", "ENV"),
          that("--chmod that is no mode is refused")
              .context(files().file("a", ""))
              .dockerfile("FROM base\nCOPY --chmod=9 a /\n")
              .fails(1, "Dockerfile:2", "9"),
          that("an unclosed pattern is refused")
              .context(files().file("a", ""))
              .dockerfile("FROM base\nCOPY a[ /x/\n")
              .fails(1, "Dockerfile:2", "a["),
          that("a --device is refused, not left out")
              .dockerfile("FROM base\nRUN --device=vendor/gpu true\n")
              .fails(1, "Dockerfile:2", "--device"),
          that("a mount of a kind nobody knows is refused")
              .dockerfile("FROM base\nRUN --mount=type=magic,target=/x true\n")
              .fails(1, "Dockerfile:2"),
          that("a SHELL that is no JSON is refused")
              .dockerfile("FROM base\nSHELL /bin/sh -c\n")
              .fails(1, "Dockerfile:2", "SHELL"),
          that("a name of a stage that is none is refused")
              .dockerfile("FROM base AS 1st\nRUN true\n")
              .fails(1, "Dockerfile:1", "1st"),
          that("a mark of byte order, Windows' ends of lines and small letters are no mistake")
              .dockerfile("\uFEFFfrom base\r\nrun touch /x \\\r\n  /y\r\nenv A=b\r\n")
              .tree(
                  """
                  /x file 644 0:0 ""
                  /y file 644 0:0 ""
                  """)
              .config("Env A=b"),
          that("a build that fails half way writes no image")
              .dockerfile("FROM base\nRUN touch /a\nRUN false\n")
              .fails(1, "Dockerfile:3", "false"));
}
