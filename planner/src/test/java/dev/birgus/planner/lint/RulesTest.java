package dev.birgus.planner.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.service.DockerfileChecking;
import dev.birgus.planner.service.TestBuild;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** For each rule, Dockerfiles it finds something in, with the lines, and ones it does not. */
class RulesTest {

  /** A Dockerfile, and the lines in which it breaks the rule. */
  record Case(Rule rule, String dockerfile, List<Integer> lines) {
    @Override
    public String toString() {
      return rule.ruleName() + " " + lines + ": " + dockerfile.replace("\n", "⏎");
    }
  }

  static final List<Case> FORM =
      List.of(
          breaks(Rule.STAGE_NAME_CASING, "FROM a AS Build\nFROM b AS other\n", 1),
          keeps(Rule.STAGE_NAME_CASING, "FROM a AS build-1_x.y\nFROM Build\n"),
          breaks(Rule.FROM_AS_CASING, "FROM a as b\nFROM a AS c\n", 1),
          breaks(Rule.FROM_AS_CASING, "from a AS b\nfrom a As c\nfrom a as d\n", 1, 2),
          keeps(Rule.FROM_AS_CASING, "From a as b\nFrom a AS c\n"),
          breaks(Rule.NO_EMPTY_CONTINUATION, "FROM a\nRUN a \\\n\n  b\n", 3),
          keeps(Rule.NO_EMPTY_CONTINUATION, "FROM a\nRUN a \\\n# comment\n  b\n\nRUN c\n"),
          breaks(Rule.CONSISTENT_INSTRUCTION_CASING, "FROM a\nrun b\nRUN c\n", 2),
          breaks(Rule.CONSISTENT_INSTRUCTION_CASING, "from a\nrun b\nRUN c\n", 3),
          breaks(Rule.CONSISTENT_INSTRUCTION_CASING, "FROM a\nRun b\nRUN c\n", 2),
          keeps(Rule.CONSISTENT_INSTRUCTION_CASING, "arg A=a\nFROM $A\nRUN b\n"),
          keeps(Rule.CONSISTENT_INSTRUCTION_CASING, "from a\nrun b\nonbuild RUN c\n"),
          breaks(Rule.DUPLICATE_STAGE_NAME, "FROM a AS b\nFROM a AS B\nFROM a AS c\n", 2),
          keeps(Rule.DUPLICATE_STAGE_NAME, "FROM a AS b\nFROM b AS c\nFROM b\nFROM b\n"),
          breaks(Rule.RESERVED_STAGE_NAME, "FROM a AS scratch\nFROM a AS Context\n", 1, 2),
          keeps(Rule.RESERVED_STAGE_NAME, "FROM scratch AS scratches\n"),
          breaks(Rule.MAINTAINER_DEPRECATED, "FROM a\nMAINTAINER me\n", 2),
          keeps(Rule.MAINTAINER_DEPRECATED, "FROM a\nLABEL maintainer=me\n"),
          breaks(Rule.LEGACY_KEY_VALUE_FORMAT, "FROM a\nENV b c\nLABEL d e f\n", 2, 3),
          keeps(Rule.LEGACY_KEY_VALUE_FORMAT, "FROM a\nENV b=c\nLABEL d=\"e f\"\n"),
          breaks(Rule.INVALID_JSON_FORM, "FROM a\nRUN [\"b\"\nCMD ['c']\n", 2, 3),
          keeps(Rule.INVALID_JSON_FORM, "FROM a\nRUN [\"b\"]\nRUN [ -e c ]\n"),
          breaks(Rule.HEALTHCHECK_NONE_FLAGS, "FROM a\nHEALTHCHECK --retries=1 NONE\n", 2),
          keeps(Rule.HEALTHCHECK_NONE_FLAGS, "FROM a\nHEALTHCHECK NONE\n"),
          breaks(Rule.PLATFORM_OF_STAGE, "FROM a AS b\nFROM --platform=$BUILDPLATFORM b\n", 2),
          keeps(Rule.PLATFORM_OF_STAGE, "FROM --platform=$BUILDPLATFORM a AS b\nFROM b\n"),
          breaks(Rule.SYNTAX_FRONTEND_IGNORED, "# syntax=foo/bar:1\nFROM a\n", 1),
          keeps(Rule.SYNTAX_FRONTEND_IGNORED, "# syntax=docker/dockerfile:1\nFROM a\n"));

  static final List<Case> STAGES =
      List.of(
          breaks(Rule.JSON_ARGS_RECOMMENDED, "FROM a\nENTRYPOINT b\nCMD c\n", 2, 3),
          keeps(Rule.JSON_ARGS_RECOMMENDED, "FROM a\nENTRYPOINT [\"b\"]\nRUN c\n"),
          keeps(Rule.JSON_ARGS_RECOMMENDED, "FROM a\nSHELL [\"bash\",\"-c\"]\nCMD c\n"),
          keeps(
              Rule.JSON_ARGS_RECOMMENDED,
              "FROM a AS b\nSHELL [\"bash\",\"-c\"]\nFROM b\nENTRYPOINT c\n"),
          breaks(
              Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
              """
              FROM a
              CMD ["b"]
              ENTRYPOINT ["c"]
              HEALTHCHECK CMD d
              RUN e
              CMD ["f"]
              ENTRYPOINT ["g"]
              HEALTHCHECK NONE
              """,
              2,
              3,
              4),
          keeps(
              Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
              "FROM a AS b\nCMD [\"b\"]\nFROM b\nCMD [\"c\"]\nRUN d\nRUN e\n"),
          breaks(Rule.WORKDIR_RELATIVE_PATH, "FROM a\nWORKDIR app\nWORKDIR src\n", 2),
          breaks(Rule.WORKDIR_RELATIVE_PATH, "FROM a\nARG D=d\nWORKDIR $D\n", 3),
          keeps(Rule.WORKDIR_RELATIVE_PATH, "FROM a\nARG D=/d\nWORKDIR $D\nWORKDIR e\n"),
          keeps(Rule.WORKDIR_RELATIVE_PATH, "FROM a AS b\nWORKDIR /c\nFROM b\nWORKDIR d\n"),
          breaks(
              Rule.SECRETS_USED_IN_ARG_OR_ENV,
              "FROM a\nARG API_KEY\nENV db_Password=1 X=2\nENV AUTH=3\n",
              2,
              3,
              4),
          keeps(
              Rule.SECRETS_USED_IN_ARG_OR_ENV,
              "ARG TOKEN\nFROM a\nARG PUBLIC_KEY\nENV TOKEN_FILE=/f KEYBOARD=de MONKEY=1\n"),
          breaks(Rule.EXPOSE_PROTO_CASING, "FROM a\nEXPOSE 80/TCP 53/udp\n", 2),
          breaks(Rule.EXPOSE_PROTO_CASING, "FROM a\nARG P=80/Udp\nEXPOSE $P\n", 3),
          keeps(Rule.EXPOSE_PROTO_CASING, "FROM a\nEXPOSE 80 53/udp\n"),
          breaks(Rule.EXPOSE_INVALID_FORMAT, "FROM a\nEXPOSE 80:80\nEXPOSE 127.0.0.1:1:1\n", 2, 3),
          keeps(Rule.EXPOSE_INVALID_FORMAT, "FROM a\nEXPOSE 80-90/tcp\n"),
          breaks(
              Rule.INVALID_DEFINITION_DESCRIPTION,
              "# about nothing\nFROM a AS b\n# C is it\nARG D=1\n",
              2,
              4),
          keeps(
              Rule.INVALID_DEFINITION_DESCRIPTION,
              """
              # b is a stage
              FROM a AS b
              # more
              # C is it
              ARG C=1
              # hm

              ARG D
              # x
              #
              ARG E
              # no name, no description
              FROM a
              """));

  static final List<Case> VARIABLES =
      List.of(
          breaks(Rule.UNDEFINED_ARG_IN_FROM, "FROM a:$VERSION\n", 1),
          breaks(Rule.UNDEFINED_ARG_IN_FROM, "FROM --platform=$P a\nARG P\n", 1),
          keeps(
              Rule.UNDEFINED_ARG_IN_FROM,
              "ARG VERSION\nFROM --platform=$BUILDPLATFORM a$VERSION\n"),
          breaks(Rule.INVALID_DEFAULT_ARG_IN_FROM, "ARG V\nFROM a:$V\n", 2),
          breaks(Rule.INVALID_DEFAULT_ARG_IN_FROM, "ARG I\nFROM $I\n", 2),
          breaks(Rule.INVALID_DEFAULT_ARG_IN_FROM, "ARG S=\"box:\"\nFROM busy${S}\n", 2),
          keeps(Rule.INVALID_DEFAULT_ARG_IN_FROM, "ARG V=1\nARG S\nFROM a:$V\nFROM b:c$S\n"),
          keeps(Rule.INVALID_DEFAULT_ARG_IN_FROM, "FROM a AS b\nFROM ${S:-b}\n"),
          breaks(Rule.REDUNDANT_TARGET_PLATFORM, "FROM --platform=$TARGETPLATFORM a\n", 1),
          breaks(Rule.REDUNDANT_TARGET_PLATFORM, "FROM --platform=${TARGETPLATFORM} a\n", 1),
          keeps(
              Rule.REDUNDANT_TARGET_PLATFORM,
              "FROM --platform=$BUILDPLATFORM a\nFROM --platform=$TARGETOS/$TARGETARCH b\n"),
          breaks(Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED, "FROM --platform=linux/arm64 a\n", 1),
          keeps(
              Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
              """
              FROM --platform=linux/arm64 a AS for-arm64
              FROM --platform=linux/arm64 a AS linux
              FROM --platform=$BUILDPLATFORM a
              """),
          breaks(Rule.UNDEFINED_VAR, "FROM scratch\nCOPY $foo .\nARG foo=bar\n", 2),
          breaks(Rule.UNDEFINED_VAR, "FROM scratch\nENV A=$B\nARG C=$D\nLABEL $E=f\n", 2, 3, 4),
          breaks(Rule.UNDEFINED_VAR, "ARG V=1\nFROM scratch\nWORKDIR /$V\nUSER $TARGETOS\n", 3, 4),
          breaks(Rule.UNDEFINED_VAR, "FROM scratch\nRUN --mount=type=cache,target=$X y\n", 2),
          breaks(Rule.UNDEFINED_VAR, "FROM scratch\nENV A=${B:-c}\n", 2),
          breaks(
              Rule.UNDEFINED_VAR,
              "FROM scratch\nCOPY --chown=$O a b\nADD --checksum=$C c d\n",
              2,
              3),
          breaks(Rule.UNDEFINED_VAR, "FROM scratch AS a\nONBUILD LABEL l=$V\nFROM a\n", 3),
          keeps(
              Rule.UNDEFINED_VAR,
              "FROM scratch AS a\nONBUILD ARG V=1\nONBUILD RUN b\nFROM a\nLABEL l=$V\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM scratch\nARG foo\nCOPY a$foo .\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM scratch AS a\nARG foo=b\nFROM a\nCOPY $foo .\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM scratch\nARG a=1 b=$a\nENV PATH=/x:$PATH\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM scratch\nRUN echo $x\nCMD echo $x\nENTRYPOINT $x\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM scratch\nENV A='$B' C=\\$D\n"),
          // Whatever image there is may set it, unless it is a misspelling or set further down.
          keeps(Rule.UNDEFINED_VAR, "FROM python\nENV V=$PYTHON_VERSION\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM python\nENV LD_LIBRARY_PATH=/a:$LD_LIBRARY_PATH\n"),
          keeps(
              Rule.UNDEFINED_VAR,
              "FROM python\nENV CFLAG=-g\nENV CFLAGS=\"$CFLAGS -O\" A=$CFLAGS\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM python\nARG LANG=${LANG:-C}\n"),
          keeps(Rule.UNDEFINED_VAR, "FROM python\nLABEL vendor=$vendor\n"),
          breaks(Rule.UNDEFINED_VAR, "FROM scratch\nENV A=/a:$A\n", 2),
          breaks(Rule.UNDEFINED_VAR, "FROM python\nENV A=b C=$A\n", 2),
          breaks(Rule.UNDEFINED_VAR, "FROM python\nENV TARGETARCH=$TARGETARCH\n", 2),
          breaks(Rule.UNDEFINED_VAR, "FROM python\nENV PATH=$PAHT:/x\n", 2),
          breaks(Rule.UNDEFINED_VAR, "FROM python\nENV A=$B\nENV B=c\nENV D=$TARGETARCH\n", 2, 4));

  private static Case breaks(Rule rule, String dockerfile, Integer... lines) {
    return new Case(rule, dockerfile, List.of(lines));
  }

  private static Case keeps(Rule rule, String dockerfile) {
    return new Case(rule, dockerfile, List.of());
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource({"FORM", "STAGES", "VARIABLES"})
  void aRuleFindsWhatBreaksItAndNothingElse(Case one) {
    var findings =
        check(TestBuild.of(one.dockerfile()).arg(CheckOptions.ARGUMENT, "experimental=all"));

    assertThat(findings)
        .filteredOn(finding -> finding.name().equals(one.rule().ruleName()))
        .extracting(finding -> finding.at().map(SourceLocation::line).orElse(0))
        .as(findings.toString())
        .containsExactlyElementsOf(one.lines());
  }

  @Test
  void everyRuleHasCasesOfBothKinds() {
    // given
    var elsewhere =
        EnumSet.of(
            Rule.COPY_IGNORED_FILE,
            Rule.INVALID_BASE_IMAGE_PLATFORM,
            Rule.EMPTY_USER,
            Rule.SOURCE_IGNORED,
            Rule.UNKNOWN_PLATFORM,
            Rule.UNUSED_BUILD_ARG);

    // then
    var cases = Stream.of(FORM, STAGES, VARIABLES).flatMap(List::stream).toList();
    assertThat(Arrays.stream(Rule.values()).filter(rule -> !elsewhere.contains(rule)))
        .allSatisfy(rule ->
            assertThat(cases)
                .filteredOn(one -> one.rule() == rule)
                .anyMatch(one -> one.lines().isEmpty())
                .anyMatch(one -> !one.lines().isEmpty()));
  }

  private static List<Finding> check(TestBuild build) {
    return new DockerfileChecking(build.contexts, build.request().platform())
        .check(build.request())
        .findings();
  }
}
