package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Arriving.HEREDOC_INTERPRETER;
import static dev.birgus.cli.dockerfile.Arriving.HEREDOC_SOURCES;
import static dev.birgus.cli.dockerfile.Case.that;

import java.util.List;

/** Here-documents: the lines after an instruction that belong to it. */
class HeredocTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("RUN runs the lines of a here-document, and a wrong line before the last counts not")
              .dockerfile(
                  """
                  FROM base
                  RUN <<EOF
                  echo 1 > /a
                  false
                  echo 2 > /b
                  EOF
                  """)
              .tree(
                  """
                  /a file 644 0:0 "1$"
                  /b file 644 0:0 "2$"
                  """),
          that("a here-document is run by the program of its first line")
              .needs(HEREDOC_INTERPRETER)
              .dockerfile(
                  """
                  FROM base
                  RUN <<EOF
                  #!/bin/awk -f
                  BEGIN { print 6 * 7 > "/answer" }
                  EOF
                  """)
              .tree("/answer file 644 0:0 \"42$\""),
          that("a here-document is the input of a command")
              .dockerfile(
                  """
                  FROM base
                  RUN cat <<EOF > /x
                  one
                    two
                  EOF
                  RUN sh -e <<SCRIPT
                  echo script > /y
                  SCRIPT
                  """)
              .tree(
                  """
                  /x file 644 0:0 "one$  two$"
                  /y file 644 0:0 "script$"
                  """),
          that("variables in it are the shell's, and with a quoted end nobody's")
              .dockerfile(
                  """
                  FROM base
                  ENV A=value
                  RUN cat <<EOF > /open
                  $A $((1 + 1))
                  EOF
                  RUN cat <<'EOF' > /quoted
                  $A $((1 + 1)) \\
                  EOF
                  RUN <<'EOF'
                  B=own
                  echo "$A $B" > /script
                  EOF
                  """)
              .tree(
                  """
                  /open   file 644 0:0 "value 2$"
                  /quoted file 644 0:0 "%24A %24((1 + 1)) \\$"
                  /script file 644 0:0 "value own$"
                  """),
          that("with a dash tabs before lines go")
              .dockerfile("FROM base\nRUN cat <<-EOF > /x\n\t\tone\n\t two\n\tEOF\n")
              .tree("/x file 644 0:0 \"one$ two$\""),
          that("one instruction has several")
              .dockerfile(
                  """
                  FROM base
                  RUN cat > /one <<ONE && cat > /two <<TWO
                  1
                  ONE
                  2
                  TWO
                  RUN touch /after
                  """)
              .tree(
                  """
                  /after file 644 0:0 ""
                  /one   file 644 0:0 "1$"
                  /two   file 644 0:0 "2$"
                  """),
          that("what looks like instructions in it is text")
              .dockerfile(
                  """
                  FROM base
                  RUN cat <<EOF > /x
                  FROM nothing
                  # not a comment

                  COPY a b
                  EOF
                  """)
              .tree("/x file 644 0:0 \"FROM nothing$# not a comment$$COPY a b$\""),
          that("one without an end is refused where it begins")
              .dockerfile(
                  """
                  FROM base
                  RUN <<EOF
                  echo 1
                  """)
              .fails(1, "Dockerfile:2", "EOF"),
          that("COPY writes here-documents, with variables expanded")
              .needs(HEREDOC_SOURCES)
              .dockerfile(
                  """
                  FROM base
                  ENV A=value
                  COPY <<EOF /x
                  A is $A and ${B:-none}
                  EOF
                  COPY <<'EOF' /y
                  A is $A
                  EOF
                  """)
              .tree(
                  """
                  /x file 644 0:0 "A is value and none$"
                  /y file 644 0:0 "A is %24A$"
                  """),
          that("COPY writes several into a directory, with an owner and a mode")
              .needs(HEREDOC_SOURCES)
              .dockerfile(
                  """
                  FROM base
                  COPY --chown=app --chmod=600 <<one.txt <<two.txt /d/
                  1
                  one.txt
                  2
                  two.txt
                  """)
              .tree(
                  """
                  /d         dir 755 1234:2345
                  /d/one.txt file 600 1234:2345 "1$"
                  /d/two.txt file 600 1234:2345 "2$"
                  """));
}
