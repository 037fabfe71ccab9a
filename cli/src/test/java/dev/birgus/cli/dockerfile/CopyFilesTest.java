package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** What COPY keeps of the files of a context, and which of them it takes. */
class CopyFilesTest extends DockerfileSuite {

  private static final long IN_2001 = 1_000_000_000;

  static final List<Case> CASES =
      List.of(
          that("files keep mode and time, and become root's")
              .context(
                  files()
                      .file("d/a", "A")
                      .mode("d/a", "640")
                      .owner("d/a", 1234, 2345)
                      .modified("d/a", IN_2001)
                      .directory("d/sub")
                      .mode("d/sub", "711")
                      .owner("d/sub", 77, 88)
                      .modified("d/sub", IN_2001))
              .dockerfile(
                  """
                  FROM base
                  USER app
                  COPY d /x/y
                  """)
              .tree(
                  """
                  /x       dir 755 0:0
                  /x/y     dir 755 0:0
                  /x/y/a   file 640 0:0 "A" @1000000000
                  /x/y/sub dir 711 0:0 @1000000000
                  """),
          that("setuid, setgid and sticky bits are kept")
              .context(
                  files()
                      .file("d/u", "u")
                      .mode("d/u", "4755")
                      .file("d/g", "g")
                      .mode("d/g", "2711")
                      .directory("d/t")
                      .mode("d/t", "1777"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  """)
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/g file 2711 0:0 "g"
                  /x/t dir 1777 0:0
                  /x/u file 4755 0:0 "u"
                  """),
          that("links inside a directory stay links, wherever they lead")
              .context(
                  files()
                      .file("d/a", "A")
                      .symlink("d/relative", "a")
                      .symlink("d/absolute", "/etc/passwd")
                      .symlink("d/up", "../../../etc/passwd")
                      .symlink("d/broken", "nowhere")
                      .symlink("d/loop", "loop")
                      .symlink("d/directory", "."))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  """)
              .tree(
                  """
                  /x           dir 755 0:0
                  /x/a         file 644 0:0 "A"
                  /x/absolute  link 0:0 -> /etc/passwd
                  /x/broken    link 0:0 -> nowhere
                  /x/directory link 0:0 -> .
                  /x/loop      link 0:0 -> loop
                  /x/relative  link 0:0 -> a
                  /x/up        link 0:0 -> ../../../etc/passwd
                  """)
              .asBuildah(),
          that("a link named as the source is followed, inside the context")
              .context(
                  files()
                      .file("real/a", "A")
                      .symlink("one", "two")
                      .symlink("two", "real/a")
                      .symlink("rooted", "/real/a")
                      .symlink("dir", "real"))
              .dockerfile(
                  """
                  FROM base
                  COPY one rooted /x/
                  COPY dir /y
                  """)
              .tree(
                  """
                  /x        dir 755 0:0
                  /x/one    file 644 0:0 "A"
                  /x/rooted file 644 0:0 "A"
                  /y        dir 755 0:0
                  /y/a      file 644 0:0 "A"
                  """),
          that("a path through a link to a directory finds the file")
              .context(files().file("real/deep/a", "A").symlink("link", "real"))
              .dockerfile(
                  """
                  FROM base
                  COPY link/deep/a /a
                  COPY link/*/a /b
                  """)
              .tree(
                  """
                  /a file 644 0:0 "A"
                  /b file 644 0:0 "A"
                  """),
          that("a link out of the context finds nothing outside")
              .context(files().symlink("out", "../Dockerfile"))
              .dockerfile(
                  """
                  FROM base
                  COPY out /x
                  """)
              .fails(1, "Dockerfile:2", "out"),
          that("a source with .. stays in the context")
              .context(files().file("etc/passwd", "mine"))
              .dockerfile(
                  """
                  FROM base
                  COPY ../../etc/passwd /x
                  """)
              .tree("/x file 644 0:0 \"mine\"")
              .asBuildah(),
          that("a circle of links is refused")
              .context(files().symlink("a", "b").symlink("b", "a"))
              .dockerfile(
                  """
                  FROM base
                  COPY a /x
                  """)
              .fails(1, "Dockerfile:2", "a"),
          that("hard links of one copy stay one file")
              .context(
                  files()
                      .file("d/one", "1")
                      .hardLink("d/two", "d/one")
                      .hardLink("d/deep/three", "d/one")
                      .hardLink("outside", "d/one"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  COPY outside /y
                  """)
              .tree(
                  """
                  /x            dir 755 0:0
                  /x/deep       dir 755 0:0
                  /x/deep/three file 644 0:0 "1"
                  /x/one        same as /x/deep/three
                  /x/two        same as /x/deep/three
                  /y            file 644 0:0 "1"
                  """),
          that("capabilities are kept")
              .context(files().file("d/a", "A").sh("setcap cap_net_raw+ep d/a"))
              .dockerfile(
                  """
                  FROM base
                  COPY d/a /a
                  """)
              .tree(
                  "/a file 644 0:0 \"A\" security.capability=0100000200200000000000000000000000000000"),
          that("extended attributes of users are kept, ACLs are the machine's")
              .context(files().file("a", "A").sh("setfattr -n user.colour -v blue a"))
              .dockerfile(
                  """
                  FROM base
                  COPY a /a
                  """)
              .tree("/a file 644 0:0 \"A\" user.colour=626c7565"),
          that("a FIFO is copied and nobody waits for it")
              .context(files().directory("d").fifo("d/pipe").mode("d/pipe", "622"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  COPY d/pipe /named
                  """)
              .tree(
                  """
                  /named  fifo 622 0:0
                  /x      dir 755 0:0
                  /x/pipe fifo 622 0:0
                  """),
          that("a device is copied with its numbers")
              .context(files().directory("d").sh("mknod d/null c 1 3; chmod 666 d/null"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  """)
              .tree(
                  """
                  /x      dir 755 0:0
                  /x/null char 666 0:0 1:3
                  """),
          that("a sparse file has its whole size")
              .context(files().sparse("hole", 3_000_001).sh("printf end >> hole"))
              .dockerfile(
                  """
                  FROM base
                  COPY hole /
                  RUN test "$(tail -c 3 /hole)" = end
                  """)
              .tree("/hole file 644 0:0 3000004 bytes")
              .asBuildah(),
          that("odd names are kept byte by byte")
              .context(
                  files()
                      .file("d/with space", "1")
                      .file("d/new\nline", "2")
                      .file("d/größe 日本", "3")
                      .file("d/-rf", "4")
                      .file("d/quote'\"$", "5")
                      .file("d/back\\slash", "6"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  """)
              .tree(
                  """
                  /x              dir 755 0:0
                  /x/-rf          file 644 0:0 "4"
                  /x/back\\slash   file 644 0:0 "6"
                  /x/größe%20日本 file 644 0:0 "3"
                  /x/new%0Aline   file 644 0:0 "2"
                  /x/quote'"$ file 644 0:0 "5"
                  /x/with%20space file 644 0:0 "1"
                  """)
              .asBuildah(),
          that("a name that is not UTF-8 is refused, as BuildKit cannot send it either")
              .context(files().directory("d").sh("printf 7 > $'d/not\\xffutf8'"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  """)
              .fails(1, "has a file whose name is not UTF-8", "/context/d"),
          that("a path longer than a tar header's field is kept")
              .context(
                  files()
                      .file(("n".repeat(90) + "/").repeat(4) + "f".repeat(120), "deep")
                      .symlink("link", ("n".repeat(90) + "/").repeat(4) + "f".repeat(120))
                      .hardLink(
                          ("n".repeat(90) + "/").repeat(4) + "hard",
                          ("n".repeat(90) + "/").repeat(4) + "f".repeat(120)))
              .dockerfile(
                  """
                  FROM base
                  COPY . /x
                  RUN test "$(cat /x/*/*/*/*/f*)" = deep && test "$(cat /x/link)" = deep
                  """)
              .asBuildah(),
          that("a wildcard matches within a name, dot-files too")
              .context(
                  files()
                      .file("a.txt", "A")
                      .file("ab.txt", "AB")
                      .file(".c.txt", "C")
                      .file("d/e.txt", "E")
                      .file("b.md", "B"))
              .dockerfile(
                  """
                  FROM base
                  COPY *.txt /star/
                  COPY ?.* /one/
                  COPY [a-b]* /class/
                  COPY */*.txt /deep/
                  """)
              .tree(
                  """
                  /class        dir 755 0:0
                  /class/a.txt  file 644 0:0 "A"
                  /class/ab.txt file 644 0:0 "AB"
                  /class/b.md   file 644 0:0 "B"
                  /deep         dir 755 0:0
                  /deep/e.txt   file 644 0:0 "E"
                  /one          dir 755 0:0
                  /one/a.txt    file 644 0:0 "A"
                  /one/b.md     file 644 0:0 "B"
                  /star         dir 755 0:0
                  /star/.c.txt  file 644 0:0 "C"
                  /star/a.txt   file 644 0:0 "A"
                  /star/ab.txt  file 644 0:0 "AB"
                  """),
          that("thousands of small files are all there")
              .context(
                  files()
                      .sh(
                          "mkdir d && cd d && for i in $(seq 3000); do echo $i > f$i; done; ln f7 same"))
              .dockerfile(
                  """
                  FROM base
                  COPY d /x
                  RUN cd /x && ls | wc -l > /count && cat * | sort -n | tail -1 >> /count \
                      && test /x/f7 -ef /x/same && rm -r /x
                  """)
              .tree("/count file 644 0:0 \"3001$3000$\""),
          that("times before 1970 and after 2242 are kept")
              .context(
                  files()
                      .file("old", "")
                      .modified("old", -86_400)
                      .file("new", "")
                      .modified("new", 9_000_000_000L))
              .dockerfile("FROM base\nCOPY old new /x/\n")
              .tree(
                  """
                  /x     dir 755 0:0
                  /x/new file 644 0:0 "" @9000000000
                  /x/old file 644 0:0 "" @-86400
                  """),
          that("--chown with a number alone is the number for both, whoever has it")
              .context(files().file("a", "A"))
              .dockerfile("FROM base\nCOPY --chown=1234 a /x\n")
              .tree("/x file 644 1234:1234 \"A\""),
          that("a wildcard that matches a directory takes its content")
              .context(files().file("one/a", "A").file("two/b", "B"))
              .dockerfile(
                  """
                  FROM base
                  COPY * /x/
                  """)
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/a file 644 0:0 "A"
                  /x/b file 644 0:0 "B"
                  """)
              .asBuildah(),
          that("a bracket is written [[]")
              .context(files().file("a[0].txt", "A").file("a0.txt", "0"))
              .dockerfile(
                  """
                  FROM base
                  COPY a[[]0].txt /x
                  """)
              .tree("/x file 644 0:0 \"A\""),
          that("a wildcard without a match is refused, not a copy of everything")
              .context(files().file("a.txt", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY *.md /x/
                  """)
              .fails(1, "Dockerfile:2", "*.md"),
          that("--chown takes names of the image's own users")
              .context(files().file("d/a", "A").file("d/s/b", "B"))
              .dockerfile(
                  """
                  FROM base
                  COPY --chown=app:extra d /x/y
                  COPY --chown=app d/a /user
                  COPY --chown=:0 d/a /etc/z
                  """)
              .fails(1, "Dockerfile:4", "--chown=:0"),
          that("--chown owns what is copied and the directories made for it")
              .context(files().file("d/a", "A").file("d/s/b", "B"))
              .dockerfile(
                  """
                  FROM base
                  COPY --chown=app:extra d /x/y
                  COPY --chown=app d/a /user
                  COPY --chown=7 d/a /number
                  COPY --chown=4294967290:4000000000 d/a /huge
                  """)
              .tree(
                  """
                  /huge    file 644 4294967290:4000000000 "A"
                  /number  file 644 7:7 "A"
                  /user    file 644 1234:2345 "A"
                  /x       dir 755 1234:3456
                  /x/y     dir 755 1234:3456
                  /x/y/a   file 644 1234:3456 "A"
                  /x/y/s   dir 755 1234:3456
                  /x/y/s/b file 644 1234:3456 "B"
                  """)
              .history(
                  """
                  layer COPY --chown=app:extra d /x/y
                  layer COPY --chown=app d/a /user
                  layer COPY --chown=7 d/a /number
                  layer COPY --chown=4294967290:4000000000 d/a /huge
                  """),
          that("--chown of a user the image does not have is refused")
              .context(files().file("a", "A"))
              .dockerfile(
                  """
                  FROM base
                  COPY --chown=nobody-knows a /x
                  """)
              .fails(1, "Dockerfile:2", "nobody-knows"),
          that("--chmod sets the mode of files and directories copied")
              .context(files().file("d/s/b", "B").file("a", "A").mode("a", "600"))
              .dockerfile(
                  """
                  FROM base
                  ARG MODE=751
                  COPY --chmod=$MODE d /x
                  COPY --chmod=4755 a /a
                  COPY --chmod=0 a /none
                  """)
              .tree(
                  """
                  /a     file 4755 0:0 "A"
                  /none  file 0 0:0 "A"
                  /x     dir 755 0:0
                  /x/s   dir 751 0:0
                  /x/s/b file 751 0:0 "B"
                  """));
}
