package dev.birgus.planner.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RulesPageTest {

  private static final Path PAGE = Path.of("../docs/build-checks.md");
  private static final String COMMAND =
      "./mvnw -pl planner -am test -Dtest=RulesPageTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dbirgus.docs=write";

  private static final String INTRODUCTION =
      """
      # Build checks

      <!-- Made from the table of rules in planner.lint. A test compares them and says how to make it anew. -->

      birgus knows BuildKit's build checks by their names. Every build tells what they find as warnings;
      `birgus check` (or `birgus build --check`) tells it and builds nothing:

          birgus check --context . [the flags of the build]
          birgus check --format json

      It needs no destination, no registry, no root, and none of the base images. Without `--context`, where
      there is no `/workspace`, it takes the working directory. It prints to standard output, with the lines in
      question, and exits with 0 if there is nothing to say and with 1 if there is, errors of the Dockerfile
      included; notes do not count. A build looks into the stages it needs, and at the form and the FROM of all; `check` looks into all, or
      with `--target` into those the target needs. What only a base image can show (the variables it sets, its platform) is told by a build, and
      by `check` where the Dockerfile alone shows it.

      What is looked at is chosen in the first lines of the Dockerfile, or for one build with
      `--build-arg BUILDKIT_DOCKERFILE_CHECK=…`, which takes the place of the directive:

      | Option | Means |
      |---|---|
      | `# check=skip=A,B` | leaves the checks A and B out; `skip=all` leaves out all but experimental ones |
      | `# check=error=true` | a finding fails the build before anything runs |
      | `# check=experimental=A` | looks at an experimental check; `experimental=all` at all of them |
      | `# check=skip=A;error=true` | several options have semicolons between them |

      A comment `# check=skip=A` right above an instruction holds for that instruction. A name that is of no check
      is told as `unknown-check`.

      A check marked *birgus's own* is of something BuildKit does not tell. It is skipped in the same way. A *note* fails
      neither `birgus check` nor, with `error=true`, the build.

      In JSON, `birgus check --format json` prints one object:
      `file`; `findings`, each with `rule`, `message`, `file`, `line`, `endLine`, and for a rule of this page
      `description` and `documentation`; `errors`, each with `name`, `message`, `advice`, `file`, `line`.

      """;

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    // given
    var page = markdown();
    if ("write".equals(System.getProperty("birgus.docs"))) {
      Files.writeString(PAGE, page);
    }

    // then
    assertThat(PAGE).as("make it anew with %s", COMMAND).content().isEqualTo(page);
  }

  @Test
  void namesAreThoseOfTheTableAndTextsAreSentences() {
    for (var rule : Rule.values()) {
      assertThat(rule.ruleName().toLowerCase(java.util.Locale.ROOT))
          .isEqualTo(rule.name().replace("_", "").toLowerCase(java.util.Locale.ROOT));
      assertThat(rule.description()).isNotBlank().doesNotEndWith(".");
      assertThat(rule.documentation()).endsWith(".");
      assertThat(Rule.named(rule.ruleName())).contains(rule);
    }
    assertThat(Rule.named("undefinedvar")).isEmpty();
  }

  private static String markdown() {
    var page = new StringBuilder(INTRODUCTION);
    for (var rule : Rule.values()) {
      page.append("## ").append(rule.ruleName()).append("\n\n");
      page.append(rule.experimental() ? "*Experimental.* " : "");
      page.append(rule.own() ? "*birgus's own" + (rule.note() ? ", a note" : "") + ".* " : "");
      page.append(rule.description()).append(".\n\n");
      page.append(rule.documentation()).append("\n\n");
    }
    return page.substring(0, page.length() - 1);
  }
}
