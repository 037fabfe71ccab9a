package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Arriving.RUN_MOUNTS;
import static dev.birgus.cli.dockerfile.Arriving.RUN_NETWORK;
import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** RUN with what is there only while it runs: mounts, secrets, another network. */
class RunMountTest extends DockerfileSuite {

  static final List<Case> CASES =
      List.of(
          that("the context is mounted, to read, and leaves nothing")
              .needs(RUN_MOUNTS)
              .context(files().file("d/a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN --mount=type=bind,target=/ctx cp /ctx/d/a /copy
                  RUN --mount=target=/ctx,source=d ! touch /ctx/x 2>/dev/null && cat /ctx/a > /other
                  """)
              .tree(
                  """
                  /copy  file 644 0:0 "A"
                  /other file 644 0:0 "A"
                  """),
          that("what is written to a mount that can be written to is lost")
              .needs(RUN_MOUNTS)
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN --mount=type=bind,target=/ctx,rw echo changed > /ctx/a && cat /ctx/a > /x
                  RUN --mount=type=bind,target=/ctx cat /ctx/a > /y
                  """)
              .tree(
                  """
                  /x file 644 0:0 "changed$"
                  /y file 644 0:0 "A"
                  """),
          that("a stage and an image are mounted")
              .needs(RUN_MOUNTS)
              .image("lib", "FROM base\nRUN echo l > /l\n")
              .dockerfile(
                  """
                  FROM base AS one
                  RUN mkdir /d && echo 1 > /d/f
                  FROM base
                  RUN --mount=type=bind,from=one,source=/d,target=/m \\
                      --mount=from=lib,target=/lib cat /m/f /lib/l > /x
                  """)
              .tree("/x file 644 0:0 \"1$l$\""),
          that("a mount over a directory hides it only while the command runs")
              .needs(RUN_MOUNTS)
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  RUN mkdir /d && echo own > /d/own
                  RUN --mount=type=bind,target=/d test ! -e /d/own && cp /d/a /x
                  """)
              .tree(
                  """
                  /d     dir 755 0:0
                  /d/own file 644 0:0 "own$"
                  /x     file 644 0:0 "A"
                  """),
          that("a cache is kept from command to command, and is not in the image")
              .needs(RUN_MOUNTS)
              .dockerfile(
                  """
                  FROM base
                  RUN --mount=type=cache,target=/c,id=kept echo 1 > /c/f
                  RUN --mount=type=cache,target=/elsewhere,id=kept cat /elsewhere/f > /x
                  RUN --mount=type=cache,target=/c,id=another ls -A /c > /y
                  """)
              .tree(
                  """
                  /x file 644 0:0 "1$"
                  /y file 644 0:0 ""
                  """),
          that("a cache has the owner and the mode that are asked for")
              .needs(RUN_MOUNTS)
              .dockerfile(
                  """
                  FROM base
                  RUN --mount=type=cache,target=/c,id=owned,uid=7,gid=8,mode=0700 \\
                      stat -c '%u:%g %a' /c > /x
                  """)
              .tree("/x file 644 0:0 \"7:8 700$\""),
          that("a tmpfs is empty and stays out of the image")
              .needs(RUN_MOUNTS)
              .dockerfile(
                  """
                  FROM base
                  RUN touch /tmp/own
                  RUN --mount=type=tmpfs,target=/tmp ls -A /tmp > /x && touch /tmp/lost
                  """)
              .tree(
                  """
                  /tmp/own file 644 0:0 ""
                  /x       file 644 0:0 ""
                  """),
          that("a secret is a file while the command runs, and in nothing else")
              .needs(RUN_MOUNTS)
              .context(files().sh("printf hush > ../secret"))
              .with("--secret", "id=s,src=%/secret")
              .dockerfile(
                  """
                  FROM base
                  RUN --mount=type=secret,id=s stat -c '%u:%g %a' /run/secrets/s > /x \\
                      && wc -c < /run/secrets/s >> /x
                  RUN --mount=type=secret,id=s,target=/etc/key,mode=0440,gid=7 \\
                      stat -c '%u:%g %a' /etc/key > /y
                  RUN --mount=type=secret,id=s,env=KEY echo ${#KEY} > /z
                  RUN test ! -e /run/secrets/s && test -z "$KEY"
                  """)
              .tree(
                  """
                  /x file 644 0:0 "0:0 400$4$"
                  /y file 644 0:0 "0:7 440$"
                  /z file 644 0:0 "4$"
                  """),
          that("a secret that is not given is missing, and one that is required ends the build")
              .needs(RUN_MOUNTS)
              .dockerfile(
                  """
                  FROM base
                  RUN --mount=type=secret,id=s test ! -e /run/secrets/s
                  RUN --mount=type=secret,id=s,required=true true
                  """)
              .fails(1, "Dockerfile:3", "s"),
          that("without a network there is none but the machine's own")
              .needs(RUN_NETWORK)
              .dockerfile(
                  """
                  FROM base
                  RUN --network=none test -z "$(ip route)" && touch /x
                  """)
              .tree("/x file 644 0:0 \"\""),
          that("the usual network and the usual sandbox can be asked for")
              .dockerfile("FROM base\nRUN --network=default --security=sandbox touch /x\n")
              .tree("/x file 644 0:0 \"\""),
          that("a mount without a target is refused")
              .needs(RUN_MOUNTS)
              .dockerfile("FROM base\nRUN --mount=type=bind,source=a true\n")
              .fails(1, "Dockerfile:2", "target"));
}
