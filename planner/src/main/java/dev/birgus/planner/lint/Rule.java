package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.Finding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The build checks. Names BuildKit has too are of the same check, so that skip lists mean the same
 * in both; birgus's own are of what BuildKit does not tell.
 */
public enum Rule {
  STAGE_NAME_CASING(
      "StageNameCasing",
      "A stage's name is in lower case",
      "Stage names are the same in upper and lower case. Written in lower case they stand out from"
          + " the instructions around them."),
  FROM_AS_CASING(
      "FromAsCasing",
      "AS is in the case of its FROM",
      "Write FROM … AS or from … as, but do not mix them in one line."),
  NO_EMPTY_CONTINUATION(
      "NoEmptyContinuation",
      "No empty lines inside a continued instruction",
      "An empty line after an escape character looks like the end of the instruction and is not."
          + " Remove it, or make it a comment. Docker means to refuse it one day."),
  CONSISTENT_INSTRUCTION_CASING(
      "ConsistentInstructionCasing",
      "All instructions are in one case",
      "Instructions may be in upper or in lower case. Keep to what most of the file does."),
  DUPLICATE_STAGE_NAME(
      "DuplicateStageName",
      "A stage's name is its own",
      "Where two stages have one name, FROM and --from mean the later one of those before them,"
          + " which is easily misread."),
  RESERVED_STAGE_NAME(
      "ReservedStageName",
      "Stages are not called scratch or context",
      "FROM scratch is the empty image, whatever a stage is called, and context is kept for the"
          + " build context."),
  JSON_ARGS_RECOMMENDED(
      "JSONArgsRecommended",
      "CMD and ENTRYPOINT are JSON arrays",
      "In shell form the program runs below a shell, which does not pass on signals: the container"
          + " is killed instead of stopped. Write [\"program\", \"argument\"]. If a shell is wanted,"
          + " name it with SHELL, or as the program."),
  MAINTAINER_DEPRECATED(
      "MaintainerDeprecated",
      "A label names the author, not MAINTAINER",
      "MAINTAINER is deprecated. Write LABEL org.opencontainers.image.authors=\"…\"."),
  UNDEFINED_ARG_IN_FROM(
      "UndefinedArgInFrom",
      "Variables in FROM are declared before the first FROM",
      "FROM sees the arguments declared before the first FROM, and the platform arguments. Any"
          + " other variable is empty there."),
  UNDEFINED_VAR(
      "UndefinedVar",
      "Variables are defined before they are used",
      "A variable without a value becomes nothing, which seldom is meant. Declare it with ARG in"
          + " this stage, set it with ENV, or correct its name. What a shell replaces (RUN, CMD and"
          + " ENTRYPOINT in shell form) is not looked at. Without its base image, as in birgus"
          + " check, only those variables of a stage are told that the image cannot be what sets"
          + " them."),
  MULTIPLE_INSTRUCTIONS_DISALLOWED(
      "MultipleInstructionsDisallowed",
      "A stage has one CMD, one ENTRYPOINT and one HEALTHCHECK",
      "Only the last of each counts. The place is that of the one without effect."),
  WORKDIR_RELATIVE_PATH(
      "WorkdirRelativePath",
      "The first WORKDIR of a stage is absolute",
      "A relative path begins at the working directory of the base image, and another version of"
          + " that image may have another one."),
  SECRETS_USED_IN_ARG_OR_ENV(
      "SecretsUsedInArgOrEnv",
      "No secrets in ARG and ENV",
      "Values of ARG and ENV can be read in the image, or in its history. Give secrets with"
          + " --secret, and use them with RUN --mount=type=secret. A name counts as that of a secret"
          + " when one of its parts is apikey, auth, credential, credentials, key, password, pword,"
          + " passwd, secret or token, and none is public, file or version."),
  INVALID_DEFAULT_ARG_IN_FROM(
      "InvalidDefaultArgInFrom",
      "FROM names an image without any --build-arg",
      "With nothing but the defaults of its arguments this FROM names no image, so the Dockerfile"
          + " cannot be built without flags. Give the ARG a default."),
  LEGACY_KEY_VALUE_FORMAT(
      "LegacyKeyValueFormat",
      "ENV and LABEL have an equals sign",
      "ENV name value, with a blank, is an old form in which the whole rest of the line is one"
          + " value. Write ENV name=value."),
  REDUNDANT_TARGET_PLATFORM(
      "RedundantTargetPlatform",
      "FROM does not ask for the target platform",
      "A stage is for the target platform unless something else is said: leave --platform out."),
  FROM_PLATFORM_FLAG_CONST_DISALLOWED(
      "FromPlatformFlagConstDisallowed",
      "The platform of FROM is a variable",
      "With a fixed platform the image is of that platform whatever was asked for. Write"
          + " --platform=$BUILDPLATFORM, or leave it to --custom-platform. If it is meant, put the"
          + " system or the architecture into the stage's name."),
  COPY_IGNORED_FILE(
      "CopyIgnoredFile",
      "COPY and ADD do not name what the ignore file takes out",
      "The build will not find the file. Change the ignore file or the instruction.",
      Kind.EXPERIMENTAL),
  INVALID_DEFINITION_DESCRIPTION(
      "InvalidDefinitionDescription",
      "A comment right before FROM or ARG begins with the name it describes",
      "Tools take such a comment as the description of the stage or the argument. Begin it with the"
          + " name, or put an empty line after it.",
      Kind.EXPERIMENTAL),
  EXPOSE_PROTO_CASING(
      "ExposeProtoCasing", "The protocol of EXPOSE is in lower case", "Write 80/tcp, not 80/TCP."),
  EXPOSE_INVALID_FORMAT(
      "ExposeInvalidFormat",
      "EXPOSE has no address and no port of the host",
      "EXPOSE says which ports a container listens on and publishes none of them: what is before a"
          + " colon has no effect. Docker means to refuse it one day."),
  INVALID_BASE_IMAGE_PLATFORM(
      "InvalidBaseImagePlatform",
      "The base image is for the wanted platform",
      "The registry gave an image for another platform than the build asked for. Programs of the"
          + " wrong architecture will not run."),
  INVALID_JSON_FORM(
      "InvalidJsonForm",
      "What begins like a JSON array is one",
      "A command in brackets that is no JSON array of strings is read as text for the shell. Put"
          + " every item in double quotes, and commas between them.",
      Kind.OWN),
  HEALTHCHECK_NONE_FLAGS(
      "HealthcheckNoneFlags",
      "HEALTHCHECK NONE has no flags",
      "Without a check there is nothing they could say. Leave them out.",
      Kind.OWN),
  PLATFORM_OF_STAGE(
      "PlatformOfStage",
      "FROM has no --platform if it names a stage",
      "A stage keeps the platform it was made for. Give --platform to the FROM of that stage.",
      Kind.OWN),
  UNKNOWN_PLATFORM(
      "UnknownPlatform",
      "The base image says what platform it is for",
      "The image is taken to be for the wanted platform, which the machine that builds does not"
          + " have. Programs of the wrong architecture will not run.",
      Kind.OWN),
  EMPTY_USER(
      "EmptyUser",
      "USER names somebody",
      "A USER that is nothing but a variable without a value means root. Give the variable a"
          + " default.",
      Kind.OWN),
  SOURCE_IGNORED(
      "SourceIgnored",
      "COPY and ADD copy what they name",
      "A source is left out, for the reason the message gives. Correct it, or leave it out.",
      Kind.NOTE),
  UNUSED_BUILD_ARG(
      "UnusedBuildArg",
      "Every --build-arg is declared",
      "A build argument no ARG declares has no effect. Declare it, correct its name, or leave it"
          + " out.",
      Kind.NOTE),
  SYNTAX_FRONTEND_IGNORED(
      "SyntaxFrontendIgnored",
      "The syntax directive names docker/dockerfile",
      "birgus fetches no frontend: it reads every file as docker/dockerfile does. One written for"
          + " another frontend may mean something else there.",
      Kind.NOTE);

  /** Whose a rule is, and what a finding of it does. */
  private enum Kind {
    /** BuildKit's. */
    BUILDKIT,
    /** BuildKit's, looked at only when asked for. */
    EXPERIMENTAL,
    /** Of birgus alone. */
    OWN,
    /** Of birgus alone, and told only. */
    NOTE
  }

  private static final Map<String, Rule> BY_NAME = byName();

  private final String ruleName;
  private final String description;
  private final String documentation;
  private final Kind kind;

  Rule(String ruleName, String description, String documentation) {
    this(ruleName, description, documentation, Kind.BUILDKIT);
  }

  Rule(String ruleName, String description, String documentation, Kind kind) {
    this.ruleName = ruleName;
    this.description = description;
    this.documentation = documentation;
    this.kind = kind;
  }

  /** What findings, skip lists and the documentation call it. */
  public String ruleName() {
    return ruleName;
  }

  /** How it should be, in a line without full stop. */
  public String description() {
    return description;
  }

  /** Why, and what to do, in whole sentences. */
  public String documentation() {
    return documentation;
  }

  /** Whether it is only looked at when it is asked for. */
  public boolean experimental() {
    return kind == Kind.EXPERIMENTAL;
  }

  /** Whether it is birgus's own: BuildKit has no check of this name. */
  public boolean own() {
    return kind == Kind.OWN || kind == Kind.NOTE;
  }

  /** Whether its findings are told only: they fail neither a build nor a check. */
  public boolean note() {
    return kind == Kind.NOTE;
  }

  /** Whether a finding is of a rule that is a note. */
  public static boolean isNote(Finding finding) {
    return named(finding.name()).filter(Rule::note).isPresent();
  }

  /** The rule of this name, which is of one spelling only. */
  public static Optional<Rule> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The names of all rules. */
  static List<String> names() {
    return Arrays.stream(values()).map(Rule::ruleName).toList();
  }

  private static Map<String, Rule> byName() {
    var rules = new LinkedHashMap<String, Rule>();
    for (var rule : values()) {
      rules.put(rule.ruleName, rule);
    }
    return Map.copyOf(rules);
  }
}
