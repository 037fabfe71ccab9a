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
  void aDoubleStarMatchesAnyDepth() {
    assertThat(copy("**/*.txt /x/").files("a.txt", "b/c.txt", "b/d/e.txt", "b/f").text())
        .contains("main[a.txt, b/c.txt, b/d/e.txt] into /x");
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
    assertThat(copy("* /x").files("a", "b").failure().name())
        .isEqualTo("destination-not-a-directory");
    assertThat(copy("a b /x/").files("a", "b").text()).contains("main[a, b] into /x");
    assertThat(copy("* /x").files("a").text()).contains("main[a] to /x");
  }

  @Test
  void aMissingSourceIsRefusedWithWhatIsNearIt() {
    var failure = copy("src/Mian.java /x").files("src/Main.java", "other").failure();

    assertThat(failure.name()).isEqualTo("source-not-found");
    assertThat(failure.message()).contains("COPY src/Mian.java");
    assertThat(failure.advice()).isEqualTo("did you mean src/Main.java?");
    assertThat(failure.at()).hasToString("Optional[Dockerfile:3]");
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
        .contains("COPY --chown=app:app --chmod=0755 a /x", "to /x owner app:app mode 755");
  }

  @Test
  void ownerAndModeAreExpanded() {
    assertThat(TestBuild.of("FROM scratch\nARG U=7\nADD --chown=$U a /x\n").files("a").text())
        .contains("add main[a] to /x owner 7");
  }

  @Test
  void wrongOwnersAndModesAreRefused() {
    assertThat(copy("--chown=a:b:c a /x").files("a").failure().name()).isEqualTo("invalid-chown");
    assertThat(copy("--chown=: a /x").files("a").failure().name()).isEqualTo("invalid-chown");
    assertThat(copy("--chmod=99 a /x").files("a").failure().name()).isEqualTo("invalid-chmod");
    assertThat(copy("--chmod=u+x a /x").files("a").failure().name()).isEqualTo("not-supported-yet");
  }

  @Test
  void whatIsNotSupportedIsRefusedByName() {
    for (var words :
        new String[] {
          "COPY --parents a /x/", "COPY --exclude=b a /x/", "ADD --checksum=sha256:00 a /x",
          "ADD --keep-git-dir=true a /x", "ADD --unpack=true a /x", "ADD https://x.example/a /x",
          "ADD git@x.example:a/b.git /x", "ADD https://x.example/a.git#v1 /x",
              "COPY <<EOF /x\nb\nEOF"
        }) {
      var failure = TestBuild.of("FROM scratch\n" + words + "\n").files("a").failure();

      assertThat(failure.name()).as(words).isEqualTo("not-supported-yet");
      assertThat(failure.at()).hasToString("Optional[Dockerfile:2]");
    }
  }

  @Test
  void aPasswordInASourceIsNotRepeated() {
    assertThat(
            TestBuild.of("FROM scratch\nADD https://me:secret@x.example/a /x\n")
                .failure()
                .message())
        .doesNotContain("secret");
  }

  @Test
  void linkIsAcceptedWithAWarning() {
    assertThat(copy("--link a /x").files("a").text())
        .contains("COPY --link a /x", "! COPY --link copies as without it");
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
