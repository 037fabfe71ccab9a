package dev.birgus.cli.settings;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.endtoend.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * birgus as it is installed: the launcher and the runtime beside it, made of what these tests run
 * with, in a folder everybody can read.
 */
final class Installation {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  /** As the script that builds a runtime has them. */
  private static final String OPTIONS =
      "jvm_options=\"-XX:+UseSerialGC -Xmx256m -Xlog:disable -Xlog:all=error,aot=off,cds=off:stderr"
          + " --enable-native-access=ALL-UNNAMED\"\n";

  private Installation() {}

  /** Installs, and gives the program. */
  static Path in(Path folder) throws IOException, InterruptedException {
    var runtime = folder.resolve("runtime");
    var classPath = new ArrayList<String>();
    for (var jar : jars(Files.createDirectories(runtime.resolve("lib")))) {
      classPath.add("$runtime/lib/" + jar.getFileName());
    }
    var options = OPTIONS + "class_path=\"" + String.join(File.pathSeparator, classPath) + "\"\n";
    Files.writeString(runtime.resolve("options.sh"), options);
    Files.writeString(runtime.resolve("jdk"), System.getProperty("java.home") + "\n");
    Files.copy(PROJECT.resolve("birgus"), folder.resolve("birgus"));
    for (var script : List.of("namespaces.sh", "find-jdk.sh")) {
      Files.copy(PROJECT.resolve("cli/src/main/scripts").resolve(script), runtime.resolve(script));
    }
    Tool.sh(
        folder,
        """
        chmod 755 birgus
        mkdir rehearsal
        runtime=$PWD/runtime; . runtime/options.sh; read -r jdk <runtime/jdk
        LC_ALL=C.UTF-8 "$jdk/bin/java" $jvm_options -XX:AOTCacheOutput="$runtime/birgus.aot" \\
          -cp "$class_path" dev.birgus.cli.Rehearsal "$PWD/rehearsal" >rehearsal.log 2>&1
        rm -rf rehearsal
        chmod -R a+rX .
        """);
    return folder.resolve("birgus");
  }

  /** Puts what these tests run with into a folder, as jars, in the order of the class path. */
  static List<Path> jars(Path jars) throws IOException, InterruptedException {
    var made = new ArrayList<Path>();
    for (var element :
        requireNonNull(System.getProperty("java.class.path")).split(File.pathSeparator)) {
      var path = Path.of(element);
      if (isForTests(path) || !Files.exists(path)) {
        continue;
      }
      // The start-up cache takes jars only.
      var jar = jars.resolve(made.size() + ".jar");
      if (Files.isDirectory(path)) {
        var tool = Path.of(requireNonNull(System.getProperty("java.home")), "bin/jar");
        Tool.sh(
            jars, "'" + tool + "' --create --no-compress --file '" + jar + "' -C '" + path + "' .");
      } else {
        Files.copy(path, jar);
      }
      made.add(jar);
    }
    return made;
  }

  private static boolean isForTests(Path path) {
    var name = path.toString();
    return name.endsWith("test-classes")
        || name.endsWith("-tests.jar")
        || name.contains("junit")
        || name.contains("assertj")
        || name.contains("archunit");
  }
}
