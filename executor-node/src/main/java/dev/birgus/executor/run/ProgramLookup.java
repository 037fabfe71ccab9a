package dev.birgus.executor.run;

import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.util.Map;

/** Says whether a root has a program, so that its lack can be told before anything is started. */
public final class ProgramLookup {

  private final FileSystem files;

  /** Looks in this root. */
  public ProgramLookup(FileSystem files) {
    this.files = files;
  }

  /**
   * Whether there is a file where execvp(3) would look for the program.
   *
   * @param program a path, or a name that is looked for in PATH
   * @param environment of the command
   * @param directory working directory, absolute in the root
   */
  public boolean has(String program, Map<String, String> environment, String directory)
      throws IOException {
    if (program.indexOf('/') >= 0) {
      return isFile(program.startsWith("/") ? program : directory + "/" + program);
    }
    for (var place : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      var folder = place.startsWith("/") ? place : directory + "/" + place;
      if (isFile(folder + "/" + program)) {
        return true;
      }
    }
    return false;
  }

  private boolean isFile(String path) throws IOException {
    return files.status(files.resolve(path)).filter(found -> found.kind() == Kind.FILE).isPresent();
  }
}
