package dev.birgus.cli.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A setting that can be made.
 *
 * @param name for the names of tests
 */
record SettingKind(String name, Maker maker) {

  static final SettingKind ROOT =
      new SettingKind("root on the machine", (name, folder, _) -> OnTheMachine.root(name, folder));

  /** All but root on the machine, which they are compared with. */
  static final List<SettingKind> ALL =
      List.of(
          new SettingKind("an ordinary user", (name, folder, _) -> OnTheMachine.user(name, folder)),
          container("a container with its own users", ContainerKind.withUsersOfItsOwn()),
          container("a container without seccomp", ContainerKind.unconfined()),
          container("a container as usual", ContainerKind.usual()),
          container(
              "a container without seccomp, with no volume",
              ContainerKind.unconfined().withoutVolume()));

  /** How a setting is made. */
  interface Maker {
    Setting make(String name, Path folder, Path shared) throws IOException, InterruptedException;
  }

  private static SettingKind container(String name, ContainerKind kind) {
    return new SettingKind(
        name, (label, folder, shared) -> Container.make(label, kind, folder, shared));
  }

  /**
   * Makes it.
   *
   * @param folder empty, for what it needs
   * @param shared a folder its processes can read
   */
  Setting make(Path folder, Path shared) throws IOException, InterruptedException {
    return maker.make(name, folder, shared);
  }

  @Override
  public String toString() {
    return name;
  }
}
