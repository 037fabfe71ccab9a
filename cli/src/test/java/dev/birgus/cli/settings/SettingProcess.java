package dev.birgus.cli.settings;

import dev.birgus.cli.settings.Setting.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts the process everything of a setting runs in. */
final class SettingProcess {

  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private SettingProcess() {}

  /** Runs to the end with nothing to read and exactly this environment. */
  static Outcome run(List<String> command, Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    var printed = Files.createTempFile("setting", ".out");
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      var code = builder.start().waitFor();
      return new Outcome(code, new String(Files.readAllBytes(printed), StandardCharsets.UTF_8));
    } finally {
      Files.delete(printed);
    }
  }
}
