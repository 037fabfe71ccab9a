package dev.birgus.infra.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A docker-registry process on a free port of the loopback interface, with its storage in a folder
 * of the test. Tests that need it are skipped by name where the program is not installed.
 */
public final class RealRegistry implements AutoCloseable {

  /** The user of a registry that asks for a password. */
  public static final String USER = "tester";

  /** The user's password. */
  public static final String PASSWORD = "open sesame";

  private static final String PASSWORD_HASH =
      "$2y$05$TVhlvBDaXNi2XXULaIch/.nNrHI6xggTO8ejy4RmgKBWrO/LrhLA6";

  private final Process process;
  private final String host;
  private final Optional<Path> authority;

  private RealRegistry(Process process, String host, Optional<Path> authority) {
    this.process = process;
    this.host = host;
    this.authority = authority;
  }

  /** A registry that speaks plain http. */
  public static RealRegistry plain(Path folder) throws IOException {
    return start(folder, "", "");
  }

  /** A registry that speaks plain http and wants {@link #USER} and {@link #PASSWORD}. */
  public static RealRegistry withPassword(Path folder) throws IOException {
    return start(folder, "", password(folder, USER));
  }

  /** A registry that speaks TLS with a certificate of its own {@link #authority()}. */
  public static RealRegistry withTls(Path folder) throws IOException {
    return start(folder, "DNS:localhost,IP:127.0.0.1", "");
  }

  /** A registry that speaks TLS with a certificate that is not for the name it is reached by. */
  public static RealRegistry withTlsForAnotherName(Path folder) throws IOException {
    return start(folder, "DNS:another.test", "");
  }

  /**
   * A registry that speaks TLS with a certificate for other names than it is reached by.
   *
   * @param names as a certificate has them: {@code DNS:a.test,DNS:b.test}
   * @param user whose password is {@link #PASSWORD}
   */
  public static RealRegistry withTlsAndPassword(Path folder, String names, String user)
      throws IOException {
    return start(folder, names, password(folder, user));
  }

  /**
   * A registry that speaks TLS and believes tokens signed with the key of its own certificate.
   *
   * @param names as a certificate has them
   * @param realm where it says tokens are to be had
   */
  public static RealRegistry withTlsAndTokens(Path folder, String names, String realm)
      throws IOException {
    return start(folder, names, tokens(folder, realm));
  }

  /**
   * A registry that speaks plain http and believes tokens signed with the key it keeps in its
   * folder; see {@link RegistryTokens}.
   *
   * @param realm where it says tokens are to be had
   */
  public static RealRegistry withTokens(Path folder, String realm) throws IOException {
    return withTokens(folder, "DNS:localhost", realm);
  }

  /**
   * The same, for TLS in front of it.
   *
   * @param names what the certificate is for, as a certificate has them
   * @param realm where it says tokens are to be had
   */
  public static RealRegistry withTokens(Path folder, String names, String realm)
      throws IOException {
    Files.createDirectories(folder);
    makeCertificates(folder, names);
    return start(folder, "", tokens(folder, realm));
  }

  /**
   * A registry that speaks TLS with those alone who show a certificate of its authority, as {@code
   * server.pem} and {@code server.key} in its folder are.
   */
  public static RealRegistry withClientCertificates(Path folder) throws IOException {
    return start(folder, "DNS:localhost,IP:127.0.0.1", "", true);
  }

  private static String tokens(Path folder, String realm) {
    return "auth: {token: {realm: \""
        + realm
        + "\", service: registry, issuer: test, rootcertbundle: "
        + folder.resolve("ca.pem")
        + "}}";
  }

  private static String password(Path folder, String user) throws IOException {
    var file = Files.createDirectories(folder).resolve("htpasswd");
    Files.writeString(file, user + ":" + PASSWORD_HASH + "\n");
    return "auth: {htpasswd: {realm: test, path: " + file + "}}";
  }

  private static RealRegistry start(Path folder, String names, String authentication)
      throws IOException {
    return start(folder, names, authentication, false);
  }

  private static RealRegistry start(
      Path folder, String names, String authentication, boolean clients) throws IOException {
    var tls = !names.isEmpty();
    var program =
        program("docker-registry").or(() -> program("registry")).map(Path::toString).orElse("");
    Need.installed(!program.isEmpty(), "docker-registry");
    Files.createDirectories(folder);
    var config = new ArrayList<String>();
    config.add("version: 0.1");
    config.add("log: {level: info, accesslog: {disabled: true}}");
    config.add("storage:");
    config.add("  filesystem: {rootdirectory: " + folder.resolve("storage") + "}");
    config.add("  delete: {enabled: true}");
    config.add("http:");
    config.add("  addr: 127.0.0.1:0");
    config.add("  secret: test");
    if (tls) {
      makeCertificates(folder, names);
      config.add("  tls:");
      config.add("    certificate: " + folder.resolve("server.pem"));
      config.add("    key: " + folder.resolve("server.key"));
      if (clients) {
        config.add("    clientcas: [" + folder.resolve("ca.pem") + "]");
      }
    }
    config.add(authentication);
    var file = folder.resolve("config.yml");
    Files.write(file, config);
    var process =
        new ProcessBuilder(program, "serve", file.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      var port = listeningPort(process);
      var authority = tls ? Optional.of(folder.resolve("ca.pem")) : Optional.<Path>empty();
      return new RealRegistry(process, "127.0.0.1:" + port, authority);
    } catch (IOException | RuntimeException failed) {
      process.destroyForcibly();
      throw failed;
    }
  }

  /** The port the registry says it listens on; what it says afterwards is thrown away. */
  private static int listeningPort(Process process) throws IOException {
    var log =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    var said = new ArrayList<String>();
    for (var line = log.readLine(); line != null; line = log.readLine()) {
      said.add(line);
      var at = line.indexOf("listening on 127.0.0.1:");
      if (at >= 0) {
        Thread.ofVirtual()
            .start(() -> {
              try {
                log.transferTo(java.io.Writer.nullWriter());
              } catch (IOException _) {
                // The registry has ended.
              }
            });
        var digits = line.substring(at + "listening on 127.0.0.1:".length());
        return Integer.parseInt(digits.replaceAll("\\D.*", ""));
      }
    }
    throw new IOException("docker-registry ended: " + said);
  }

  /**
   * Makes an authority, {@code ca.pem}, and a certificate of it with its key, {@code server.pem}
   * and {@code server.key}.
   *
   * @param names as a certificate has them: {@code DNS:a.test,IP:127.0.0.1}
   */
  public static void makeCertificates(Path folder, String names) throws IOException {
    Need.installed(program("openssl").isPresent(), "openssl");
    var ca = folder.resolve("ca.pem");
    openssl(
        folder,
        List.of(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=birgus test authority",
            "-days",
            "2",
            "-keyout",
            "ca.key",
            "-out",
            ca.toString()));
    openssl(
        folder,
        List.of(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=" + names,
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-days",
            "2",
            "-CA",
            ca.toString(),
            "-CAkey",
            "ca.key",
            "-keyout",
            "server.key",
            "-out",
            "server.pem"));
  }

  private static void openssl(Path folder, List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("openssl failed: " + said);
      }
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  /** Where a program is, if it is installed. */
  public static Optional<Path> program(String name) {
    for (var directory : List.of("/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin")) {
      var file = Path.of(directory, name);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Host and port, as an image reference names the registry. */
  public String host() {
    return host;
  }

  /** The certificate of the authority, if the registry speaks TLS. */
  public Path authority() {
    return authority.orElseThrow();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
