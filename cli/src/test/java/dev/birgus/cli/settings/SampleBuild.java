package dev.birgus.cli.settings;

import java.util.List;

/**
 * A Dockerfile with the files it is about.
 *
 * @param name for the names of tests and of folders: lower case, no blanks
 * @param prepare a shell script that makes the context in the current folder
 * @param flags further ones for the build
 */
record SampleBuild(String name, String prepare, String dockerfile, List<String> flags) {

  SampleBuild {
    flags = List.copyOf(flags);
    if (!name.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("not a name: " + name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
