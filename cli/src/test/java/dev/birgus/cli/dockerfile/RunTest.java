package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** RUN in its forms, and what it runs as: SHELL, USER, WORKDIR. */
class RunTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("the shell form is the shell's, the exec form is not")
              .dockerfile(
                  """
                  FROM base
                  ENV A=value
                  RUN echo $A > /shell
                  RUN ["sh", "-c", "echo $0 $A > /exec", "$A"]
                  RUN ["touch", "/two words"]
                  """)
              .tree(
                  """
                  /exec        file 644 0:0 "%24A value$"
                  /shell       file 644 0:0 "value$"
                  /two%20words file 644 0:0 ""
                  """)
              .history(
                  """
                  empty ENV A=value
                  layer RUN /bin/sh -c echo $A > /shell
                  layer RUN sh -c echo $0 $A > /exec $A
                  layer RUN touch /two words
                  """)
              .asBuildah(),
          that("what is no JSON is of the shell form")
              .dockerfile(
                  """
                  FROM base
                  RUN [ -d /etc ] && touch /yes
                  """)
              .tree("/yes file 644 0:0 \"\"")
              .asBuildah(),
          that("lines go on over comments and empty lines")
              .dockerfile(
                  """
                  FROM base
                  RUN echo 1 > /x && \\
                  # a comment

                      echo "2 # none" >> /x \\
                    && echo 3 >> /x
                  """)
              .tree("/x file 644 0:0 \"1$2 # none$3$\"")
              .asBuildah(),
          that("SHELL is the shell of what follows, also of CMD and of stages built on it")
              .dockerfile(
                  """
                  FROM base AS one
                  SHELL ["/bin/busybox", "sh", "-euc"]
                  RUN echo $0 > /x; CMDLINE=$(tr '\\0' ' ' < /proc/$$/cmdline); echo "$CMDLINE" > /y
                  FROM one
                  CMD run me
                  """)
              .config(
                  """
                  Cmd ["/bin/busybox","sh","-euc","run me"]
                  Shell ["/bin/busybox","sh","-euc"]
                  """),
          that("the shell fails with the first unset variable if SHELL says so")
              .dockerfile(
                  """
                  FROM base
                  SHELL ["/bin/sh", "-euc"]
                  RUN echo $UNSET; touch /not
                  """)
              .fails(2, "Dockerfile:3", "UNSET"),
          that("USER with a name has its groups, and its home")
              .dockerfile(
                  """
                  FROM base
                  USER app
                  RUN echo "$(id -u) $(id -g) $(id -G) $HOME" > /tmp/x
                  """)
              .tree("/tmp/x file 644 1234:2345 \"1234 2345 2345 3456 /home/app$\"")
              .config("User \"app\"")
              .asBuildah(),
          that("USER with a group has that group and no other")
              .dockerfile(
                  """
                  FROM base
                  USER app:extra
                  RUN echo "$(id -u) $(id -g) $(id -G)" > /tmp/x
                  USER 1234:77
                  RUN echo "$(id -u) $(id -g) $(id -G)" > /tmp/y
                  """)
              .tree(
                  """
                  /tmp/x file 644 1234:3456 "1234 3456 3456$"
                  /tmp/y file 644 1234:77 "1234 77 77$"
                  """)
              .config("User \"1234:77\""),
          that("USER with a number nobody has is of root's group and at home in the root")
              .dockerfile(
                  """
                  FROM base
                  USER 4242
                  RUN echo "$(id -u) $(id -g) $HOME" > /tmp/x
                  USER 1234
                  RUN echo "$(id -u) $(id -g) $HOME" > /tmp/y
                  """)
              .tree(
                  """
                  /tmp/x file 644 4242:0 "4242 0 /$"
                  /tmp/y file 644 1234:2345 "1234 2345 /home/app$"
                  """),
          that("an ENV HOME is kept")
              .dockerfile(
                  """
                  FROM base
                  ENV HOME=/custom
                  USER app
                  RUN echo $HOME > /tmp/x
                  """)
              .tree("/tmp/x file 644 1234:2345 \"/custom$\""),
          that("a user the image does not have ends the build")
              .dockerfile(
                  """
                  FROM base
                  USER ghost
                  RUN true
                  """)
              .fails(1, "Dockerfile:3", "ghost"),
          that("a user without a right gets none")
              .dockerfile(
                  """
                  FROM base
                  USER app
                  RUN touch /etc/x
                  """)
              .fails(1, "Dockerfile:3", "Permission denied"),
          that("WORKDIR makes directories, all of the user's")
              .dockerfile(
                  """
                  FROM base
                  USER app:extra
                  WORKDIR /a/b
                  WORKDIR c
                  RUN pwd > x
                  WORKDIR ../d/
                  """)
              .tree(
                  """
                  /a       dir 755 1234:3456
                  /a/b     dir 755 1234:3456
                  /a/b/c   dir 755 1234:3456
                  /a/b/c/x file 644 1234:3456 "/a/b/c$"
                  /a/b/d   dir 755 1234:3456
                  """)
              .config(
                  """
                  User "app:extra"
                  WorkingDir "/a/b/d"
                  """)
              .history(
                  """
                  empty USER app:extra
                  layer WORKDIR /a/b
                  layer WORKDIR /a/b/c
                  layer RUN /bin/sh -c pwd > x
                  layer WORKDIR /a/b/d
                  """),
          that("WORKDIR of a directory that is there changes nothing in it")
              .dockerfile(
                  """
                  FROM base
                  USER app
                  WORKDIR /etc
                  """)
              .tree("")
              .config(
                  """
                  User "app"
                  WorkingDir "/etc"
                  """)
              .history(
                  """
                  empty USER app
                  empty WORKDIR /etc
                  """),
          that("WORKDIR follows links, as RUN does")
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /real && ln -s /real /link
                  WORKDIR /link/sub
                  RUN pwd -P > where
                  """)
              .tree(
                  """
                  /link           link 0:0 -> /real
                  /real           dir 755 0:0
                  /real/sub       dir 755 0:0
                  /real/sub/where file 644 0:0 "/real/sub$"
                  """)
              .asBuildah(),
          that("a WORKDIR removed by a command is made again for the next")
              .dockerfile(
                  """
                  FROM base
                  WORKDIR /w
                  RUN cd / && rmdir /w
                  RUN pwd > x
                  """)
              .tree(
                  """
                  /w   dir 755 0:0
                  /w/x file 644 0:0 "/w$"
                  """),
          that("a failed command is the exit code of the build")
              .dockerfile(
                  """
                  FROM base
                  RUN echo before; exit 37
                  """)
              .fails(37, "Dockerfile:2", "exit status 37", "before"),
          that("a command that is not there is told so")
              .dockerfile(
                  """
                  FROM base
                  RUN ["/bin/no-such-thing"]
                  """)
              .fails(1, "Dockerfile:2", "the image has no program /bin/no-such-thing"),
          that("processes left behind end with the step")
              .dockerfile(
                  """
                  FROM base
                  RUN (sleep 1000; touch /late) & echo started > /x
                  RUN test ! -e /late && ! ps | grep -v grep | grep -q 'sleep 1000'
                  """)
              .tree("/x file 644 0:0 \"started$\""),
          that("standard input is empty and the devices are there")
              .dockerfile(
                  """
                  FROM base
                  RUN cat > /in && test -c /dev/null && test -w /dev/shm && test -r /proc/self/stat
                  RUN head -c 3 /dev/zero | wc -c > /three && echo x > /dev/null
                  """)
              .tree(
                  """
                  /in    file 644 0:0 ""
                  /three file 644 0:0 "3$"
                  """),
          that("a command in an image without files finds none of the builder's")
              .dockerfile(
                  """
                  FROM scratch
                  RUN ["/bin/true"]
                  """)
              .fails(1, "Dockerfile:2", "the image has no program /bin/true"),
          that("the builder's own environment is not the command's")
              .dockerfile(
                  """
                  FROM base
                  RUN env | cut -d= -f1 | sort > /x
                  """)
              .tree("/x file 644 0:0 \"HOME$PATH$PWD$SHLVL$\""),
          that("words of a command arrive as they are")
              .dockerfile(
                  """
                  FROM base
                  RUN ["sh", "-c", "printf '[%s]' \\"$@\\" > /x", "sh", "a'b", "$(touch /bad)", "", \
                       "new\\nline", "ö", "\\\\", "-n", "`id`", "\\"q\\""]
                  """)
              .tree(
                  "/x file 644 0:0 \"[a'b][%24(touch /bad)][][new$line][ö][\\][-n][`id`][%22q%22]\""),
          that("values of variables arrive as they are, and names a shell would not take")
              .dockerfile(
                  """
                  FROM base
                  ENV a.b=dotted Q="it's \\"q\\" \\$(touch /bad) `id` \\\\" E= S="  two  "
                  RUN ["sh", "-c", "printf '[%s]' \\"$Q\\" \\"$E\\" \\"$S\\" > /x"]
                  RUN ["awk", "BEGIN { print ENVIRON[\\"a.b\\"] > \\"/y\\" }"]
                  """)
              .tree(
                  """
                  /x file 644 0:0 "[it's %22q%22 %24(touch /bad) `id` \\][][  two  ]"
                  /y file 644 0:0 "dotted$"
                  """),
          that("output that is no text does no harm")
              .dockerfile(
                  """
                  FROM base
                  RUN printf 'no end\\377\\000\\033[31m' && head -c 100000 /dev/zero && touch /x
                  """)
              .tree("/x file 644 0:0 \"\""),
          that("what is copied over files that commands are given is kept")
              .context(files().file("mine", "mine"))
              .dockerfile(
                  """
                  FROM base
                  COPY mine /etc/hosts
                  COPY mine /etc/resolv.conf
                  COPY mine /dev/mine
                  RUN touch /x
                  """)
              .tree(
                  """
                  /dev             dir 755 0:0
                  /dev/mine        file 644 0:0 "mine"
                  /etc/hosts       file 644 0:0 "mine"
                  /etc/resolv.conf file 644 0:0 "mine"
                  /x               file 644 0:0 ""
                  """),
          that("a WORKDIR of a number that is a user's has the number for both")
              .dockerfile("FROM base\nUSER 1234\nWORKDIR /w\nUSER app\nWORKDIR v\n")
              .tree(
                  """
                  /w   dir 755 1234:1234
                  /w/v dir 755 1234:2345
                  """),
          that("what the step is given to run with stays out of the image")
              .dockerfile(
                  """
                  FROM base
                  RUN cat /etc/resolv.conf /etc/hosts > /dev/null && touch /dev/shm/x /proc/x || touch /ok
                  """)
              .tree("/ok file 644 0:0 \"\""));
}
