package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.planner.service.TestBuild;
import org.junit.jupiter.api.Test;

/** Which files COPY and ADD take, and where they go. */
class TransfersTest {

  private static TestBuild copy(String words) {
    return TestBuild.of("FROM scratch\nWORKDIR /w\nCOPY " + words + "\n");
  }

  @Test
  void aFileGoesToAFile() {
    assertThat(copy("a.txt /x/b.txt").files("a.txt").text()).contains("main[a.txt] to /x/b.txt");
  }

  @Test
  void aTrailingSlashMakesTheDestinationADirectory() {
    assertThat(copy("a /x/").files("a").text()).contains("main[a] into /x");
  }

  @Test
  void theDestinationIsRelativeToTheWorkingDirectory() {
    assertThat(copy("a b").files("a").text()).contains("main[a] to /w/b");
    assertThat(copy("a .").files("a").text()).contains("main[a] into /w");
    assertThat(copy("a ../x/").files("a").text()).contains("main[a] into /x");
    assertThat(copy("a /../../x").files("a").text()).contains("main[a] to /x");
  }

  @Test
  void aDirectoryStaysOnePath() {
    assertThat(copy("src /app").files("src/a", "src/b/c").text()).contains("main[src] to /app");
  }

  @Test
  void theWholeContextIsTheEmptyPath() {
    assertThat(copy(". /app").files("a").text()).contains("COPY . /app", "main[] to /app");
    assertThat(copy("/ /app").files("a").text()).contains("main[] to /app");
  }

  @Test
  void aSourceCannotLeaveTheContext() {
    assertThat(copy("../../a /x").files("a").text()).contains("main[a] to /x");
    assertThat(copy("/sub/../../../a /x").files("a").text()).contains("main[a] to /x");
    assertThat(copy("../etc/passwd /x").files("a").failure().name()).isEqualTo("source-not-found");
  }

  @Test
  void wildcardsMatchNamesInByteOrder() {
    assertThat(copy("*.txt /x/").files("b.txt", "a.txt", "c.md", "d/e.txt").text())
        .contains("COPY *.txt /x/", "main[a.txt, b.txt] into /x");
  }

  @Test
  void wildcardsWorkInDirectoriesToo() {
    assertThat(copy("mod-*/pom.xml /x/").files("mod-a/pom.xml", "mod-b/pom.xml", "mod-b/x").text())
        .contains("main[mod-a/pom.xml, mod-b/pom.xml] into /x");
    assertThat(copy("s?c/[a-b] /x/").files("src/a", "src/b", "src/c").text())
        .contains("main[src/a, src/b] into /x");
  }

  @Test
  void twoStarsAreOneAsInGo() {
    assertThat(copy("**/*.txt /x/").files("a.txt", "b/c.txt", "b/d/e.txt", "b/f").text())
        .contains("main[b/c.txt] into /x");
  }

  @Test
  void anEscapedBracketIsLiteral() {
    assertThat(copy("arr[[]0].txt /x").files("arr[0].txt").text())
        .contains("main[arr[0].txt] to /x");
  }

  @Test
  void aBrokenPatternIsRefused() {
    assertThat(copy("a[b /x").files("a").failure().name()).isEqualTo("invalid-pattern");
  }

  @Test
  void severalSourcesNeedADirectory() {
    assertThat(copy("a b /x").files("a", "b").failure().name())
        .isEqualTo("destination-not-a-directory");
    assertThat(copy("a* b* /x").files("a").failure().name())
        .isEqualTo("destination-not-a-directory");
    assertThat(copy("a b /x/").files("a", "b").text()).contains("main[a, b] into /x");
    assertThat(copy("* /x").files("a").text()).contains("main[a] to /x");
  }

  @Test
  void whetherAWildcardMayGoToAPathTheExecutorSees() {
    assertThat(copy("* /x").files("a", "b").text()).contains("main[a, b] to /x");
  }

  @Test
  void aWildcardMayMatchNothingBesideAnotherSource() {
    assertThat(copy("a b* /x/").files("a").text()).contains("main[a] into /x").doesNotContain("!");
    assertThat(copy("a b /x/").files("a").failure().message()).contains("COPY b:");
    assertThat(copy("b* c* /x/").files("a").failure().message()).contains("COPY b*:");
    assertThat(copy("a b* /x/").files("a").excluded("b1").checked().text())
        .contains("! COPY b* copies nothing: the ignore file excludes b1");
  }

  @Test
  void parentsAreFilteredFromAPivot() {
    assertThat(copy("--parents src/a/x /y/").files("src/a/x").text())
        .contains("COPY --parents src/a/x /y/", "main[] below src/a/x into /y");
    assertThat(copy("--parents /s*/./a/../b/**/x /y/").files("src/b/c/x").text())
        .contains("main[src] below b/**/x into /y");
    assertThat(copy("--parents src/b /y/").files("src/a/x").failure().name())
        .isEqualTo("source-not-found");
    assertThat(copy("--parents --exclude=**/a src/a /y/").files("src/a").text())
        .contains("main[] below src/a into /y without");
    assertThat(copy("--parents src/./x /y/").files("src").failure().name())
        .isEqualTo("source-not-found");
    assertThat(
            TestBuild.of("FROM scratch AS a\nFROM scratch\nCOPY --from=a --parents /o/./*.so /l/\n")
                .text())
        .contains("copy stage a[o] below *.so into /l");
  }

  @Test
  void excludesAreKeptAsTheyAreWritten() {
    assertThat(copy("--exclude=*.md --exclude=!a.md . /x").files("a.md", "b").text())
        .contains("COPY . /x", "main[] to /x without [*.md, !a.md]");
    assertThat(copy("--exclude=a[ . /x").files("a").failure().name()).isEqualTo("invalid-pattern");
  }

  @Test
  void whatIsExcludedOrNotIncludedDoesNotChangeTheId() {
    for (var words : new String[] {"--exclude=**/b . /x", "--parents src/./a /x/"}) {
      var build = copy(words).file("src/a", "1").file("src/b", "1");
      var same = copy(words).file("src/a", "1").file("src/b", "2");
      var other = copy(words).file("src/a", "2").file("src/b", "1");

      assertThat(same.targetStage().id()).as(words).isEqualTo(build.targetStage().id());
      assertThat(other.targetStage().id()).as(words).isNotEqualTo(build.targetStage().id());
    }
  }

  @Test
  void aHeredocBecomesAText() {
    var words = "<<-A b <<\"B\" /x/\n\t$V \"$V\" \\$V\n\tA\n$V\nB\n";
    assertThat(TestBuild.of("FROM scratch\nARG V=1\nCOPY " + words).files("b").text())
        .contains("COPY b <<A <<B /x/", "main[b] text A=1 \"1\" $V⏎ text B=$V⏎ into /x");
    assertThat(copy("<<EOF /x\nEOF").text()).contains("COPY <<EOF /x", "text EOF= to /x");
    assertThat(copy("<<EOF <<E2 /x\nEOF\nE2").failure().name())
        .isEqualTo("destination-not-a-directory");
  }

  private static TestBuild add(String words) {
    return TestBuild.of("FROM scratch\nADD " + words + "\n");
  }

  private static final String SUM = "sha256:" + "0123456789abcdef".repeat(4);

  @Test
  void aUrlIsAFileOfItsLastName() {
    assertThat(add("https://x.example/a/b%20c.tar?q=1#f /x/").text())
        .contains("download https://x.example/a/b%20c.tar?q=1#f as b c.tar into /x");
    assertThat(add("http://x.example /x").text()).contains("as __unnamed__ to /x");
    assertThat(add("http://x.example/d/ /x").text()).contains("as d to /x");
    assertThat(add("--unpack --checksum=" + SUM + " http://x.example/a /x").text())
        .contains("as a " + dev.birgus.infra.oci.Digest.parse(SUM).brief() + " unpacked to /x");
    assertThat(add("http://x.example/%zz /x").failure().name()).isEqualTo("invalid-remote-source");
    assertThat(add("http://x.example/a/%2e%2e /x").failure().name())
        .isEqualTo("invalid-remote-source");
    assertThat(copy("http://x.example/a /x").failure().name()).isEqualTo("remote-source");
  }

  @Test
  void aChecksumIsOfOneRemoteSource() {
    for (var words :
        new String[] {
          SUM + " a /x", SUM + " http://x.example/a http://x.example/b /x/",
        }) {
      assertThat(add("--checksum=" + words).files("a").failure().name())
          .isEqualTo("invalid-checksum");
    }
    assertThat(add("--checksum=sha256:00 http://x.example/a /x").failure().name())
        .isEqualTo("invalid-checksum");
  }

  @Test
  void aStageThatFetchesWithoutAChecksumIsItsBuildsOwn() {
    for (var words : new String[] {"http://x.example/a /x", "https://x.example/a.git#main /x"}) {
      assertThat(add(words).targetStage().id())
          .isEqualTo(add(words).targetStage().id())
          .isNotEqualTo(add(words).build("b2").targetStage().id());
    }
    for (var words :
        new String[] {
          "--checksum=" + SUM + " http://x.example/a /x",
          "https://x.example/a.git#" + "0123456789".repeat(4) + " /x"
        }) {
      assertThat(add(words).targetStage().id())
          .isEqualTo(add(words).build("b2").targetStage().id());
    }
  }

  @Test
  void localArchivesAreUnpackedUnlessTheyAreNotToBe() {
    assertThat(add("a.tar /x").files("a.tar").text()).contains("main[a.tar] unpacked to /x");
    assertThat(add("--unpack=false a.tar /x").files("a.tar").text()).contains("main[a.tar] to /x");
  }

  @Test
  void aGitRepositoryIsReadInAllForms() {
    assertThat(add("https://x.example/r.git#v1:sub/../dir /x").text())
        .contains("git https://x.example/r.git#v1 /dir to /x");
    assertThat(add("git@x.example:o/r.git /x").text()).contains("git git@x.example:o/r.git / to");
    assertThat(
            add("--keep-git-dir ssh://git@x.example/r?branch=b&subdir=d&submodules=false /x")
                .text())
        .contains("git ssh://git@x.example/r#refs/heads/b /d with .git alone to /x");
    assertThat(add("https://x.example/r.git?tag=v1&checksum=0123456 /x").text())
        .contains("git https://x.example/r.git#refs/tags/v1 / at 0123456 to /x");
  }

  @Test
  void aGitAddressThatContradictsItselfIsRefused() {
    for (var words :
        new String[] {
          "https://x.example/r.git?ref=a#b /x",
          "https://x.example/r.git?tag=a&branch=b /x",
          "https://x.example/r.git?what=b /x",
          "https://x.example/r.git?ref= /x",
          "https://x.example/r.git?submodules=maybe /x",
          "https://x.example/r.git#--upload-pack=touch /x",
          "--keep-git-dir=false https://x.example/r.git?keep-git-dir /x",
          "--checksum=zz https://x.example/r.git /x",
          "ssh://git:secret@x.example/r.git /x",
        }) {
      var failure = add(words).failure();

      assertThat(failure.name()).as(words).isEqualTo("invalid-remote-source");
      assertThat(failure.message()).doesNotContain("secret");
    }
  }

  @Test
  void aMissingSourceIsRefusedWithWhatIsNearIt() {
    var failure = copy("src/Mian.java /x").files("src/Main.java", "other").failure();

    assertThat(failure.name()).isEqualTo("source-not-found");
    assertThat(failure.message()).contains("COPY src/Mian.java");
    assertThat(failure.advice()).isEqualTo("did you mean src/Main.java?");
    assertThat(failure.at()).hasToString("Optional[Dockerfile:3:6]");
  }

  @Test
  void aPatternThatMatchesNothingIsRefused() {
    assertThat(copy("*.jar /x/").files("a").failure().name()).isEqualTo("source-not-found");
  }

  @Test
  void anIgnoredSourceIsRefusedWithTheReason() {
    assertThat(copy("target/app.jar /x").files("a").excluded("target").failure().advice())
        .isEqualTo("the ignore file excludes target");
    assertThat(copy("*.jar /x/").files("a").excluded("app.jar").failure().advice())
        .isEqualTo("the ignore file excludes app.jar");
  }

  @Test
  void noMoreOfTheContextIsWalkedThanIsNeeded() {
    var build = copy("src/*.c lib/b /x/").files("src/a.c", "lib/b", "huge/c");
    build.plan();

    assertThat(build.contexts.walked()).containsExactlyInAnyOrder("src", "lib/b");
  }

  @Test
  void aSourceBelowALinkedDirectoryIsFoundWhereItIs() {
    assertThat(copy("now/a /x").files("v1/a").link("now", "v1").text())
        .contains("main[v1/a] to /x");
    assertThat(copy("now/* /x/").files("v1/a").link("now", "/v1").text())
        .contains("main[v1/a] into /x");
  }

  @Test
  void aLinkCannotLeaveTheContext() {
    assertThat(copy("out/passwd /x").files("etc/passwd").link("out", "../../etc").text())
        .contains("main[etc/passwd] to /x");
    assertThat(copy("a/b /x").link("a", "a").failure().name()).isEqualTo("source-not-found");
    assertThat(copy("a/* /x/").link("a", "a").failure().name()).isEqualTo("source-not-found");
  }

  @Test
  void aLinkThatLeadsToNothingIsRefused() {
    assertThat(copy("a /x").link("a", "gone").failure().advice())
        .isEqualTo("a is a symbolic link that leads to nothing in the context");
    assertThat(copy("* /x").link("a", "gone").failure().name()).isEqualTo("source-not-found");
  }

  @Test
  void aLinkMayLeadThroughLinkedDirectories() {
    assertThat(copy("a /x").files("v1/f").link("now", "v1").link("a", "now/f").text())
        .contains("main[a] to /x");
  }

  @Test
  void anEmptySourceIsNotTheWholeContext() {
    assertThat(copy("\"$NONE\" /x").files("a").failure().name()).isEqualTo("empty-source");
  }

  @Test
  void anEmptyOwnerIsNone() {
    assertThat(copy("--chown=$NONE a /x").files("a").text()).contains("COPY a /x", "to /x\n");
  }

  @Test
  void ownerAndModeAreKept() {
    assertThat(copy("--chown=app:app --chmod=0755 a /x").files("a").text())
        .contains("COPY --chown=app:app --chmod=0755 a /x", "to /x owner app:app mode 0755");
  }

  @Test
  void ownerAndModeAreExpanded() {
    assertThat(TestBuild.of("FROM scratch\nARG U=7\nADD --chown=$U a /x\n").files("a").text())
        .contains("add main[a] unpacked to /x owner 7");
  }

  @Test
  void wrongOwnersAndModesAreRefused() {
    assertThat(copy("--chown=a:b:c a /x").files("a").failure().name()).isEqualTo("invalid-chown");
    assertThat(copy("--chown=: a /x").files("a").failure().name()).isEqualTo("invalid-chown");
    assertThat(copy("--chmod=99 a /x").files("a").failure().name()).isEqualTo("invalid-chmod");
    assertThat(copy("--chmod=u+y a /x").files("a").failure().name()).isEqualTo("invalid-chmod");
    assertThat(copy("--chmod=u+x,go=r a /x").files("a").text()).contains("mode u+x,go=r");
    assertThat(copy("--link --chown=app a /x").files("a").failure().name())
        .isEqualTo("link-needs-numeric-owner");
  }

  @Test
  void aPasswordInASourceIsNotRepeated() {
    var build = add("https://me:secret@x.example/a https://token@x.example/r.git /x/");

    assertThat(build.plan().toString()).doesNotContain("me:secret").doesNotContain("token@");
    assertThat(build.text()).contains("ADD https://x.example/a https://x.example/r.git /x/");
  }

  @Test
  void linkIsLeftToTheExecutor() {
    assertThat(copy("--link --chown=7 a /x").files("a").text())
        .contains("COPY --chown=7 a /x", "main[a] to /x owner 7 link");
  }

  @Test
  void wordsAreExpanded() {
    assertThat(
            TestBuild.of("FROM scratch\nENV N=a D=/x/\nCOPY [\"$N b\", \"$D\"]\n")
                .files("a b")
                .text())
        .contains("main[a b] into /x");
  }

  @Test
  void patternsOfAStageAreLeftToTheExecutor() {
    assertThat(
            TestBuild.of("FROM scratch AS a\nFROM scratch\nCOPY --from=a /out/*.so ../x ./lib/\n")
                .text())
        .contains("copy stage a[out/*.so, x] into /lib");
  }
}
