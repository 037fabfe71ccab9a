package dev.birgus.cli.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The peer: builds a case with buildah and compares. */
final class Buildah {

  /** What buildah leaves behind where it has run a command. */
  private static final Pattern LEFT_BY_BUILDAH =
      Pattern.compile("/|/(dev|proc|sys|run|etc/(hosts|hostname|resolv\\.conf))(/.*)?");

  private static final List<String> COMPARED =
      List.of(
          "Cmd",
          "Entrypoint",
          "Env",
          "ExposedPorts",
          "OnBuild",
          "StopSignal",
          "User",
          "Volumes",
          "WorkingDir");

  private final Path folder;
  private final Path baseTar;
  private boolean hasBase;

  Buildah(Path folder, Path baseTar) {
    this.folder = folder;
    this.baseTar = baseTar;
  }

  void compare(Case example, Path caseFolder, BuiltImage mine)
      throws IOException, InterruptedException {
    var theirs = build(example, caseFolder);
    var differences =
        mine.tree()
            .differencesFrom(theirs.tree(), path -> !LEFT_BY_BUILDAH.matcher(path).matches());
    for (var member : COMPARED) {
      if (!mine.member(member).equals(theirs.member(member))) {
        differences.add(
            member + ": birgus " + mine.member(member) + ", buildah " + theirs.member(member));
      }
    }
    assertThat(differences).as("buildah").isEmpty();
  }

  private BuiltImage build(Case example, Path caseFolder) throws IOException, InterruptedException {
    if (!hasBase) {
      makeBase();
    }
    var words = new ArrayList<String>();
    for (var word : example.arguments) {
      words.add("'" + word.replace("%", caseFolder.toString()) + "'");
    }
    Tool.sh(
        caseFolder,
        command()
            + " bud -q --isolation chroot --layers=false"
            + " --build-context base=container-image://localhost/base "
            + String.join(" ", words)
            + " -f Dockerfile -t oci:$PWD/theirs:it context >/dev/null");
    return BuiltImage.read(caseFolder.resolve("theirs"));
  }

  private void makeBase() throws IOException, InterruptedException {
    var context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD base.tar /\n");
    Files.createLink(context.resolve("base.tar"), baseTar);
    Tool.sh(
        context,
        command() + " bud -q --isolation chroot --layers=false -t localhost/base . >/dev/null");
    hasBase = true;
  }

  private String command() {
    return "buildah --root " + folder.resolve("root") + " --runroot " + folder.resolve("run");
  }

  /** Removes all that it has stored, and the mount it stored it by. */
  void close() throws IOException, InterruptedException {
    if (hasBase) {
      Tool.sh(
          folder,
          command()
              + " rmi -a -f >/dev/null; umount root/overlay 2>/dev/null || true; rm -rf root"
              + " run");
    }
  }
}
