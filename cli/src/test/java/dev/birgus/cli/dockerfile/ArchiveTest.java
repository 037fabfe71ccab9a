package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Arriving.MORE_ARCHIVES;
import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import java.util.List;

/** ADD of archives and of what only looks like one. */
class ArchiveTest extends DockerfileSuite {

  private static final String PACK = "tar --numeric-owner -C d -cf a.tar . && rm -r d";

  private static ContextFiles tree() {
    return files()
        .file("d/sub/f", "F")
        .mode("d/sub/f", "640")
        .owner("d/sub/f", 7, 8)
        .modified("d/sub/f", 1_000_000_000)
        .symlink("d/link", "sub/f")
        .hardLink("d/other", "d/sub/f")
        .directory("d/empty")
        .owner("d/empty", 9, 9)
        .mode("d/empty", "2770");
  }

  private static final String UNPACKED =
      """
      /x       dir 755 0:0
      /x/empty dir 2770 9:9
      /x/link  link 0:0 -> sub/f
      /x/other file 640 7:8 "F" @1000000000
      /x/sub   dir 755 0:0
      /x/sub/f same as /x/other
      """;

  static final List<Case> CASES =
      List.of(
          that("a tar is unpacked with owners, modes, times and links")
              .context(tree().sh(PACK))
              .dockerfile("FROM base\nADD a.tar /x\n")
              .tree(UNPACKED)
              .history("layer ADD a.tar /x"),
          that("a gzip'd tar is unpacked, whatever its name")
              .context(tree().sh(PACK).sh("gzip a.tar && mv a.tar.gz data.bin"))
              .dockerfile("FROM base\nADD data.bin /x/\n")
              .tree(UNPACKED)
              .asBuildah(),
          that("a bzip2'd tar is unpacked")
              .context(tree().sh(PACK).sh("bzip2 a.tar"))
              .dockerfile("FROM base\nADD a.tar.bz2 /x\n")
              .tree(UNPACKED)
              .asBuildah(),
          that("an xz'd tar is unpacked")
              .needs(MORE_ARCHIVES)
              .context(tree().sh(PACK).sh("xz a.tar"))
              .dockerfile("FROM base\nADD a.tar.xz /x\n")
              .tree(UNPACKED),
          that("a zstd'd tar is unpacked")
              .needs(MORE_ARCHIVES)
              .context(tree().sh(PACK).sh("zstd -q --rm a.tar"))
              .dockerfile("FROM base\nADD a.tar.zst /x\n")
              .tree(UNPACKED),
          that("a compressed file that is no tar is copied as it is")
              .context(files().file("t.txt", "text").sh("gzip -n t.txt"))
              .dockerfile(
                  """
                  FROM base
                  ADD t.txt.gz /x/
                  RUN test "$(zcat /x/t.txt.gz)" = text && rm /x/t.txt.gz
                  """)
              .tree("/x dir 755 0:0"),
          that("a file with the name of an archive is copied")
              .context(files().file("not.tar.gz", "text"))
              .dockerfile("FROM base\nADD not.tar.gz /x/\n")
              .tree(
                  """
                  /x            dir 755 0:0
                  /x/not.tar.gz file 644 0:0 "text"
                  """)
              .asBuildah(),
          that("COPY does not unpack, and neither does ADD of a directory")
              .context(files().file("d/f", "F").sh("mkdir e && tar -C d -cf e/a.tar f"))
              .dockerfile(
                  """
                  FROM base
                  COPY e/a.tar /c/
                  ADD e /d/
                  RUN tar tf /c/a.tar > /list && tar tf /d/a.tar >> /list && rm -r /c /d
                  """)
              .tree("/list file 644 0:0 \"f$f$\""),
          that("an archive is merged into what is there, the archive winning")
              .context(
                  files()
                      .file("d/etc/group", "mine")
                      .file("d/etc/new", "N")
                      .mode("d/etc", "700")
                      .sh(PACK))
              .dockerfile("FROM base\nADD a.tar /\n")
              .tree(
                  """
                  /etc       dir 700 0:0
                  /etc/group file 644 0:0 "mine"
                  /etc/new   file 644 0:0 "N"
                  """),
          that("the archive's own root does not change the destination")
              .context(files().file("d/f", "F").mode("d", "700").owner("d", 5, 5).sh(PACK))
              .dockerfile("FROM base\nADD a.tar /tmp\n")
              .tree("/tmp/f file 644 0:0 \"F\""),
          that("names that lead out of the destination stay in it")
              .context(
                  files()
                      .file("f", "F")
                      .sh("tar -P --transform 's,^f,../../../up,' -cf a.tar f")
                      .sh("tar -P --transform 's,^f,/rooted,' -rf a.tar f"))
              .dockerfile("FROM base\nADD a.tar /x/\n")
              .tree(
                  """
                  /x        dir 755 0:0
                  /x/rooted file 644 0:0 "F"
                  /x/up     file 644 0:0 "F"
                  """),
          that("a link in the archive does not lead later entries out of the root")
              .context(
                  files()
                      .sh("ln -s /../../../tmp out && tar -cf a.tar out && rm out")
                      .sh("mkdir out && echo F > out/f && tar -rf a.tar out/f"))
              .dockerfile("FROM base\nADD a.tar /x/\n")
              .tree(
                  """
                  /tmp/f file 644 0:0 "F$"
                  /x     dir 755 0:0
                  /x/out link 0:0 -> /../../../tmp
                  """),
          that("--chown owns all that is unpacked")
              .context(files().file("d/s/f", "F").owner("d/s/f", 7, 8).sh(PACK))
              .dockerfile("FROM base\nADD --chown=app a.tar /x/y\n")
              .tree(
                  """
                  /x       dir 755 1234:2345
                  /x/y     dir 755 1234:2345
                  /x/y/s   dir 755 1234:2345
                  /x/y/s/f file 644 1234:2345 "F"
                  """),
          that("special files and large numbers in an archive are kept")
              .context(
                  files()
                      .directory("d")
                      .fifo("d/pipe")
                      .sh("mknod d/null c 1 3")
                      .file("d/" + "n".repeat(200), "N")
                      .file("d/ö b", "")
                      .owner("d/ö b", 4_000_000_000L, 3_000_000_000L)
                      .sh("tar --format=pax --numeric-owner -C d -czf a.tgz ."))
              .dockerfile("FROM base\nADD a.tgz /x\n")
              .tree(
                  """
                  /x dir 755 0:0
                  /x/%s file 644 0:0 "N"
                  /x/null char 644 0:0 1:3
                  /x/pipe fifo 644 0:0
                  /x/ö%%20b file 644 4000000000:3000000000 ""
                  """
                      .formatted("n".repeat(200))),
          that("of several sources archives are unpacked and files copied")
              .context(files().file("d/f", "F").sh(PACK).file("g", "G"))
              .dockerfile("FROM base\nADD a.tar g /x/\n")
              .tree(
                  """
                  /x   dir 755 0:0
                  /x/f file 644 0:0 "F"
                  /x/g file 644 0:0 "G"
                  """),
          that("an archive from which the end is missing ends the build")
              .context(
                  files()
                      .sparse("f", 100_000)
                      .sh("tar -czf all.tgz f && head -c 150 all.tgz > a.tgz"))
              .dockerfile("FROM base\nADD a.tgz /x/\n")
              .fails(1, "Dockerfile:2", "a.tgz"));
}
