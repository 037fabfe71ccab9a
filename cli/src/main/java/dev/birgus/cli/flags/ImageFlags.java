package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.fork;
import static dev.birgus.cli.flags.Flag.kaniko;
import static dev.birgus.cli.flags.Flag.own;
import static dev.birgus.cli.flags.FlagGroup.IMAGE;
import static dev.birgus.cli.flags.FlagGroup.OUTPUT;
import static dev.birgus.cli.flags.FlagGroup.SOURCE;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.CHOICE;
import static dev.birgus.cli.flags.FlagType.INTEGER;
import static dev.birgus.cli.flags.FlagType.LIST;
import static dev.birgus.cli.flags.FlagType.PAIRS;
import static dev.birgus.cli.flags.FlagType.TEXT;

import java.util.List;
import java.util.stream.Stream;

/** The flags that say what is built, what the image is like and where it goes. */
final class ImageFlags {

  private ImageFlags() {}

  static List<Flag> all() {
    return Stream.of(source(), stepAccess(), output(), moreOutput(), image(), moreImage())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Flag> source() {
    return List.of(
        kaniko(TEXT, "dockerfile", "Dockerfile", "Path of the Dockerfile")
            .letter('f')
            .sets(
                SOURCE,
                "Looked for in the working directory, then in the context. `-` is standard input; an"
                    + " `http://` or `https://` address is fetched."),
        kaniko(TEXT, "context", "/workspace/", "Files that COPY and ADD may take")
            .letter('c')
            .sets(
                SOURCE,
                "A directory, `dir://DIR`, `tar://FILE` or `tar://stdin`. Other schemes are not"
                    + " supported yet."),
        kaniko(TEXT, "context-sub-path", "", "Directory inside the context to use as the context")
            .sets(SOURCE, "Also for a plain directory, where kaniko leaves it out silently."),
        own(
                PAIRS,
                "build-context",
                "",
                "Image or directory that NAME in FROM and --from stands for")
            .sets(
                SOURCE,
                "`NAME=DIR`, `NAME=oci-layout://DIR[:TAG][@DIGEST]`, `NAME=docker-image://REF`, or a"
                    + " tar of a root file system: `NAME=FILE.tar`, `.tar.gz`, `.tgz`, or its"
                    + " `https://` address. A stage of that name is replaced too, as in docker."),
        kaniko(LIST, "build-arg", "", "Value for an ARG; KEY alone takes it from the environment")
            .sets(SOURCE, "`KEY=VALUE`, or `KEY`."),
        kaniko(LIST, "target", "", "Stage to build instead of the last one")
            .sets(
                SOURCE,
                "The stage's name, upper and lower case being the same, or its number from 0. Once for"
                    + " each, or with commas: all are built, and the first is the image."),
        own(LIST, "no-cache-filter", "", "Stage not to take from a cache; no steps are cached yet")
            .sets(
                SOURCE,
                "Once for each, or with commas. The names are checked; there is no cache of steps"
                    + " yet, so every stage is built anew in any case."),
        kaniko(TEXT, "custom-platform", "", "Platform of the image, as os/arch[/variant]")
            .formerly("customPlatform")
            .sets(SOURCE, "This machine's platform if not given. No emulation is set up."),
        kaniko(PAIRS, "git", "", "Options for a git context")
            .notYet(SOURCE, "git contexts are not supported yet."),
        kaniko(
                TEXT,
                "bucket",
                "",
                "Bucket of the context, in the way kaniko's first versions had it")
            .letter('b')
            .hide()
            .notYet(SOURCE, "bucket contexts are not supported yet."));
  }

  private static List<Flag> stepAccess() {
    return List.of(
        fork(LIST, "secret", "", "Secret for RUN --mount=type=secret")
            .sets(
                SOURCE,
                "`id=ID,src=FILE`, `id=ID,env=VARIABLE`, or `id=ID` for a variable or else a file of"
                    + " that name. The value is read when a step needs it, and kept nowhere."),
        own(LIST, "ssh", "", "SSH agent for RUN --mount=type=ssh")
            .sets(
                SOURCE,
                "`default` for the agent of `SSH_AUTH_SOCK`, or `ID=SOCKET`. Key files are not"
                    + " supported yet."),
        own(LIST, "allow", "", "What steps may do that they usually may not")
            .sets(
                SOURCE,
                "`security.insecure` for RUN --security=insecure. `network.host` changes nothing:"
                    + " steps have the machine's network."));
  }

  private static List<Flag> output() {
    return List.of(
        kaniko(LIST, "destination", "", "Image name to push to; once for each")
            .letter('d')
            .sets(OUTPUT, "The tag is `latest` and the registry Docker Hub if not given."),
        kaniko(BOOLEAN, "no-push", "false", "Do not push the image")
            .variable("KANIKO_NO_PUSH")
            .sets(OUTPUT, "Archives, layouts and digest files are still written."),
        kaniko(TEXT, "tar-path", "", "File to write the image to, as docker save does")
            .formerly("tarPath")
            .sets(OUTPUT, "Written in addition to pushing."),
        kaniko(TEXT, "oci-layout-path", "", "Directory to write the image to, as an OCI layout")
            .sets(OUTPUT, "Written in addition to pushing."),
        kaniko(TEXT, "digest-file", "", "File to write the image's digest to")
            .sets(
                OUTPUT, "The digest without end of line. An http or https address gets it by PUT."),
        kaniko(
                TEXT,
                "image-name-with-digest-file",
                "",
                "File to write a line repository@digest to for each destination")
            .sets(OUTPUT, "Needs `--destination`."),
        kaniko(
                TEXT,
                "image-name-tag-with-digest-file",
                "",
                "File to write a line repository:tag@digest to for each destination")
            .sets(OUTPUT, "Needs `--destination`."));
  }

  private static List<Flag> moreOutput() {
    return List.of(
        kaniko(
                BOOLEAN,
                "push-ignore-immutable-tag-errors",
                "false",
                "Count it as a success when the registry refuses to move an existing tag")
            .sets(OUTPUT, "Only the registries' answers for immutable tags count."),
        kaniko(
                BOOLEAN,
                "skip-push-permission-check",
                "false",
                "Do not find out before the build whether we may push")
            .sets(OUTPUT, "A missing permission then shows after the build."),
        own(BOOLEAN, "push-early", "true", "Send layers while later steps still run")
            .variable("BIRGUS_PUSH_EARLY")
            .sets(
                OUTPUT,
                "The manifest and the tags still come last, so a build that fails leaves no tag; what"
                    + " it has sent is not named by anything, and the registry removes it in time."),
        fork(CHOICE, "image-format", "", "Manifest type of the image")
            .oneOf("docker", "oci")
            .sets(
                OUTPUT,
                "Without it the image keeps the type of its base, `docker` for scratch. The layers are"
                    + " the same bytes either way."),
        fork(BOOLEAN, "materialize", "false", "Leave the image's files in the executor's own root")
            .notYet(OUTPUT, "the executor's own root is never written to."));
  }

  private static List<Flag> image() {
    return List.of(
        kaniko(LIST, "label", "", "Label of the image")
            .sets(
                IMAGE,
                "It wins over a LABEL of the same key, as with docker; see `--kaniko-compat`."),
        fork(PAIRS, "annotation", "", "Annotation of the image's manifest")
            .sets(IMAGE, "Once for each."),
        kaniko(
                BOOLEAN,
                "reproducible",
                "false",
                "Make the same image from the same input, bit by bit")
            .sets(
                IMAGE, "Every new time stamp is the epoch, or `SOURCE_DATE_EPOCH` if that is set."),
        kaniko(BOOLEAN, "single-snapshot", "false", "Put all steps of a stage into one layer")
            .sets(IMAGE, "The history still has every instruction."),
        kaniko(CHOICE, "compression", "gzip", "How layers are compressed")
            .oneOf("gzip", "zstd")
            .sets(
                IMAGE,
                "Layers of the base image stay as they are. `zstd` makes it an OCI image, also where"
                    + " the base is one of Docker's types; kaniko falls back to gzip silently."),
        kaniko(
                INTEGER,
                "compression-level",
                "-1",
                "1 (fastest) to 9, or 19 for zstd (smallest); -1 for the default")
            .sets(
                IMAGE,
                "The default is 4 for gzip and 3 for zstd; 0 is the default too, as in kaniko."),
        own(CHOICE, "gzip-engine", "jdk", "What compresses layers with gzip")
            .oneOf("jdk", "isal")
            .variable("BIRGUS_GZIP_ENGINE")
            .sets(
                IMAGE,
                "`isal` is several times as fast and makes layers a tenth larger, with levels 1 to 3;"
                    + " it needs the library libisal2. The layers are other bytes than those of"
                    + " `jdk`, and the same only with the same library and kind of processor."),
        kaniko(LIST, "ignore-path", "", "Path to leave out of layers")
            .sets(
                IMAGE,
                "With all below it; patterns as in `.dockerignore`. Later steps of the same stage see"
                    + " what is there. Once for each."));
  }

  private static List<Flag> moreImage() {
    return List.of(
        kaniko(CHOICE, "snapshot-mode", "full", "How kaniko finds changed files")
            .formerly("snapshotMode")
            .oneOf("full", "redo", "time")
            .accepted(
                FlagGroup.KANIKO,
                "All modes find every change; there is no cheaper, less exact one."),
        kaniko(BOOLEAN, "use-new-run", "false", "Another way in which kaniko finds changed files")
            .accepted(FlagGroup.KANIKO, "Every change is found."),
        kaniko(BOOLEAN, "skip-unused-stages", "false", "Build only the stages the target needs")
            .accepted(FlagGroup.KANIKO, "Always so."),
        kaniko(BOOLEAN, "force-build-metadata", "false", "Add empty layers for ENV, LABEL and such")
            .accepted(FlagGroup.KANIKO, "The history has every instruction without empty layers."),
        kaniko(BOOLEAN, "ignore-var-run", "true", "Leave /var/run out of layers")
            .marked("whitelist-var-run")
            .accepted(
                FlagGroup.KANIKO,
                "The machine's own `/var/run` never gets into a layer; what a step writes there"
                    + " stays, as in `docker build`."));
  }
}
