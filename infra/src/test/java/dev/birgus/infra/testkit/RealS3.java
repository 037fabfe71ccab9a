package dev.birgus.infra.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A server that speaks S3 and checks signatures, as a process on a free port of the loopback
 * interface, with its buckets as folders of the test.
 */
public final class RealS3 implements AutoCloseable {

  /** The bucket that is there. */
  public static final String BUCKET = "birgus-blobs";

  private static final String USER = "tester";
  private static final String SECRET = "open-sesame";
  private static final Pattern LISTENING =
      Pattern.compile("Started ServerConnector.*127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final Path buckets;
  private final int port;

  private RealS3(Process process, Path buckets, int port) {
    this.process = process;
    this.buckets = buckets;
    this.port = port;
  }

  /** Starts one on a free port. */
  public static RealS3 start(Path folder) throws IOException {
    return start(folder, 0);
  }

  /** Starts one that another may have had the folder and the port of before. */
  public static RealS3 start(Path folder, int port) throws IOException {
    var program = Path.of(System.getProperty("basedir", ""), "target", "servers", "s3proxy.jar");
    Need.installed(Files.exists(program), "s3proxy");
    var buckets = folder.resolve("buckets");
    Files.createDirectories(buckets.resolve(BUCKET));
    var settings =
        Files.write(
            folder.resolve("s3proxy.conf"),
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + USER,
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + buckets));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                program.toAbsolutePath().toString(),
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .start();
    try {
      return new RealS3(process, buckets, listeningPort(process));
    } catch (IOException | RuntimeException failed) {
      process.destroyForcibly();
      throw failed;
    }
  }

  private static int listeningPort(Process process) throws IOException {
    var log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var said = new ArrayList<String>();
    for (var line = log.readLine(); line != null; line = log.readLine()) {
      said.add(line);
      var found = LISTENING.matcher(line);
      if (found.find()) {
        Thread.ofVirtual().start(() -> log.lines().forEach(_ -> {}));
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("the server did not start: " + String.join("\n", said));
  }

  /** Where it is. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The variables of somebody who may use it. */
  public static Map<String, String> environment() {
    return Map.of("AWS_ACCESS_KEY_ID", USER, "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  /** The variables of somebody who may not. */
  public static Map<String, String> wrongEnvironment() {
    return Map.of("AWS_ACCESS_KEY_ID", USER, "AWS_SECRET_ACCESS_KEY", "shut-sesame");
  }

  /** The file of an object of the bucket, which may not be there. */
  public Path object(String key) {
    return buckets.resolve(BUCKET).resolve(key);
  }

  /** Ends it at once, in the middle of whatever it does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
