package dev.birgus.cli.settings;

/**
 * A Dockerfile with the files it is about.
 *
 * @param name for the names of tests and of folders: lower case, no blanks
 * @param prepare a shell script that makes the context in the current folder
 */
record SampleBuild(String name, String prepare, String dockerfile) {

  SampleBuild {
    if (!name.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("not a name: " + name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
